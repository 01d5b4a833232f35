"""What newsrooms and page templates leave between the lines: dates, reading times, tags, bios, sources, calls for corrections.

Data only, the second half of ``furniture``. Lower case, apostrophes straight, in the syntax of ``re``; sorted by language.
"""

from __future__ import annotations

from typing import Final

INTERFACE: Final[dict[str, str]] = {
    "any": r"\d{1,2}:\d{2}(?::\d{2})?(?:\s*/\s*\d{1,2}:\d{2}(?::\d{2})?)?|[\d.,]+ ?[km]?|loading\W*|null|undefined|true|false|embed|iframe|show\w+: ?(?:true|false)?|is[a-z]+:|\[?(?:button|caption|gallery|embed)\b[^\]]*\]?",
    "ar": r"(?:مدة|وقت) القراءة.{0,20}|\d+ دقائق? (?:قراءة|للقراءة)|طباعة|استمع.{0,25}|نسخ الرابط|حجم الخط|مشاركة|.{0,4}تم نسخ الرابط",
    "cs": r"(?:doba|délka) čtení.{0,20}|\d+ min(?:ut[ay]?)? čtení|tisk(?:nout)?|kopírovat odkaz|přehrát.{0,20}|poslechnout.{0,25}|uložit.{0,15}",
    "da": r"læsetid.{0,15}|\d+ min\.? læsning|kopier link|lyt til.{0,20}|print",
    "de": r"lesezeit:?.{0,20}|lesedauer:?.{0,20}|\d+ (?:min\.?|minuten?) ?(?:lesezeit|lesedauer|zu lesen)?|drucken|(?:artikel )?(?:merken|vorlesen|drucken|anhören|verschenken|speichern|teilen|versenden)(?:\W+(?:artikel )?(?:merken|vorlesen|drucken|anhören|verschenken|speichern|teilen|versenden))*|link kopieren|link kopiert.?|(?:artikel|beitrag|text) (?:anhören|vorlesen|hören).{0,20}|zur (?:startseite|bildergalerie|fotostrecke)|vollbild|bild vergrößern|schriftgröße.{0,20}|(?:nach oben|zum seitenanfang)|video abspielen|wie hat ihnen dieser artikel gefallen.?|durchschnittliche bewertung.{0,12}|infos zum zitiervorschlag|(?:den )?newsticker.{0,30}",
    "en": r"\d+[- ]min(?:ute)?s?[- ](?:read|listen|watch|video)|(?:reading|read) time:?.{0,25}|(?:estimated )?read(?:ing)? time.{0,20}|(?:listen|listen to (?:this )?(?:article|story))\W*(?:\d.{0,20})?|(?:save|print|copy|share|email|bookmark|gift|order|comment|listen|download|expand|close|menu|search|like|tweet|post|flip|pin|submit|copy link|print article|save article|save for later|order reprints|reprints|share this article|copy url|full screen|view gallery|view comments|hide caption|toggle caption|play|pause|mute|unmute|settings|advertise|whatsapp|facebook|twitter|x|linkedin|reddit|messenger|telegram|pinterest|flipboard)(?:\W+(?:or|and|this|article|story|link|on|via|save|print|copy|share|email|comment|listen|download|facebook|twitter|x|whatsapp|linkedin|reddit|messenger|telegram|pinterest|flipboard))*|copied|link copied.?|copied to clipboard.?|(?:play|watch) (?:video|audio)|text size.{0,15}|back to top|(?:next|previous|prev|back)|show (?:more|less|all|caption)|see all|view (?:more|all|image in fullscreen|full size)|click to (?:expand|play|enlarge|copy|share|print|email).{0,30}|(?:image|slide|photo|item) \d+ of \d+|\d+ of \d+|(?:thank you|thanks)(?: for (?:signing up|subscribing|your).{0,40})?\W*|sorry\W*|(?:an error|there was an error|something went wrong|oops).{0,60}|please try again.{0,20}|this article has been sent to.{0,30}|enlarge(?: this)? image|your browser does not support.{0,50}|javascript .{0,60}|add .{1,25} (?:as a preferred|on google).{0,30}|make us preferred on google|us on google|keep an eye on your inbox.{0,50}|thank you for visiting .{2,40}|.{0,80}browser version with limited support.{0,40}|are you sure.{0,40}|rate this.{0,30}|0 ratings?|page \d+(?: of \d+)?|live updates?|breaking|exclusive|opinion|sponsored by .{1,30}",
    "es": r"tiempo de lectura:?.{0,20}|\d+ min(?:utos)?(?: de lectura)?|imprimir|guardar|copiar enlace|enlace copiado.{0,5}|escuchar(?: (?:el )?(?:artículo|noticia|este artículo))?.{0,20}|(?:compartir|enviar por (?:correo|email|e-mail)|facebook|twitter|whatsapp|imprimir|guardar|copiar enlace|x|telegram)(?:\W+(?:en|por|compartir|facebook|twitter|whatsapp|imprimir|guardar|copiar enlace|email|correo|x|telegram|linkedin))*|ampliar|ver galería|flecha|volver arriba|reproducir(?: vídeo| video)?",
    "fi": r"lukuaika.{0,15}|kuuntele.{0,20}|tulosta|kopioi linkki",
    "fr": r"(?:temps|durée) de lecture\W*.{0,20}|\d+ min(?:utes?)?(?: de lecture)?|lecture \d+ min\.?|imprimer|écouter(?: (?:l'|cet )?article)?.{0,20}|copier le lien|lien copié.{0,3}|enregistrer|(?:partager|imprimer|offrir|écouter|commenter|sauvegarder|envoyer par (?:e-mail|mail)|facebook|twitter|whatsapp|x|linkedin)(?:\W+(?:sur|par|cet article|l'article|partager|imprimer|offrir|écouter|commenter|e-mail|facebook|twitter|whatsapp|x|linkedin|copier le lien))*|ajouter à (?:mes|vos|ma) .{3,25}|agrandir(?: l'image)?|retour en haut|votre navigateur.{0,50}|offrir (?:cet|l')article|lire dans l'app.{0,20}",
    "hi": r"पढ़ने का समय.{0,15}|कॉपी लिंक|प्रिंट|शेयर",
    "id": r"waktu baca.{0,15}|salin (?:link|tautan)|bagikan|cetak|dengarkan.{0,20}|ukuran (?:font|huruf).{0,10}",
    "it": r"(?:tempo di )?lettura:?\W*\d.{0,15}|\d+ minuti? di lettura|(?:stampa|ascolta(?: (?:l'|questo )?articolo)?|salva|condividi|invia (?:per|via) e-?mail|copia link|facebook|twitter|whatsapp|commenta)(?:\W+(?:l'articolo|articolo|stampa|ascolta|salva|condividi|invia per email|via email|email|copia link|facebook|twitter|whatsapp|su|commenta))*|link copiato.{0,3}|torna su|ingrandisci",
    "ja": r"(?:約)?\d+分で読め(?:ます|る)?|印刷(?:する)?|保存(?:する)?|リンクをコピー|(?:記事を)?(?:聞く|読み上げ).{0,10}|拡大(?:する)?|(?:文字サイズ|文字の大きさ).{0,10}|ポスト|シェア|ブックマーク(?:する)?|クリップ|閉じる|次へ|前へ|一覧(?:へ|を見る)?",
    "ko": r"(?:기사|글자) ?(?:크기|듣기|스크랩|공유|인쇄|프린트|저장)(?:하기)?.{0,15}|공유(?:하기)?|인쇄|스크랩|가|url ?복사.{0,10}|닫기|글씨.{0,10}|읽기 ?시간.{0,10}",
    "nl": r"leestijd:?.{0,20}|\d+ min(?:uten)?(?: leestijd| lezen)?|(?:deel|bewaar|print|luister|kopieer link|link kopiëren|delen|opslaan|afdrukken)(?:\W+(?:artikel|dit artikel|deel|bewaar|print|luister|via|delen|opslaan))*|beluister.{0,25}|terug naar boven",
    "no": r"lesetid.{0,15}|\d+ min(?:utter)? lesetid|kopier lenke|lytt til.{0,20}|skriv ut|del",
    "pl": r"czas czytania:?.{0,20}|(?:ok\. )?\d+ min(?:ut[ay]?)?(?: czytania)?|drukuj|kopiuj link|skopiuj (?:link|adres)|posłuchaj.{0,25}|zapisz(?: na później)?|udostępnij|powiększ|(?:drukuj|udostępnij|skopiuj|zapisz|wyślij|posłuchaj)(?:\W+(?:artykuł|link|drukuj|udostępnij|skopiuj|zapisz|wyślij|e-mailem|mailem))*",
    "pt": r"tempo de leitura:?.{0,20}|\d+ min(?:utos?)?(?: de leitura)?|imprimir|salvar|guardar|ouvir(?: (?:o )?(?:artigo|texto|notícia|esta notícia))?.{0,20}|(?:copiar|copie o) link|link copiado.{0,3}|(?:compartilhar|partilhar|imprimir|salvar|guardar|ouvir|enviar por e-?mail|facebook|twitter|whatsapp)(?:\W+(?:artigo|no|por|compartilhar|partilhar|imprimir|e-?mail|facebook|twitter|whatsapp|x|telegram|copiar link))*|ampliar|reproduzir(?: vídeo)?|a\+ ?a-|continua",
    "ru": r"(?:время|на) (?:чтени[яе]):?.{0,20}|\d+ мин(?:ут[аы]?)?\.?(?: чтения)?|распечатать|печать|версия для печати|(?:с)?копировать ссылку|ссылка скопирована.{0,3}|слушать.{0,20}|прослушать.{0,20}|поделиться|сохранить|увеличить|развернуть|закрыть|в избранное|размер шрифта.{0,10}|отправить|просмотров:?.{0,12}|\d+ просмотр\w*|читать позже|загрузка.{0,3}",
    "sv": r"lästid:?.{0,15}|\d+ min(?:uter)?(?: läsning| lästid)?|kopiera länk.{0,3}|lyssna(?: på artikeln)?.{0,20}|skriv ut|spara(?: artikel\w*)?|dela|skriv ut artikeln",
    "tr": r"(?:okuma|okunma) süresi:?.{0,15}|\d+ (?:dk|dakika)(?:da)?(?: okuma| okunur)?|yazdır|kaydet|bağlantıyı kopyala|linki kopyala|haberi? dinle.{0,15}|paylaş|yazı boyutu.{0,10}|a\+ ?a-|büyüt",
    "uk": r"(?:час|тривалість) (?:на )?(?:читання|прочитання):?.{0,15}|\d+ хв(?:илин[аи]?)?\.?(?: читання)?|друкувати|надрукувати|роздрукувати|скопіювати посилання|слухати.{0,20}|поділитися|зберегти|переглядів:?.{0,12}|збільшити",
    "vi": r"in bài viết|chia sẻ|sao chép.{0,15}|nghe (?:bài|đọc bài).{0,15}|cỡ chữ.{0,10}",
    "zh": r"(?:字号|字體|字体|字級).{0,12}|打印|列印|分享|收藏|(?:点击)?收听.{0,10}|聽新聞.{0,10}|听新闻.{0,10}|复制链接|複製連結|阅读(?:数|量|时间|：|:).{0,12}|全文约?\d+字.{0,12}|放大|缩小|返回顶部|责任编辑.{0,20}|責任編輯.{0,20}|\d+ ?评论|(?:我要)?(?:评论|收藏|分享|打印|纠错)|[大中小]",
}
"""Buttons, players, counters; the whole line."""

SHARE_ROW: Final = (
    r"(?:(?:facebook|twitter|instagram|whats-?app|telegram|linkedin|pinterest|reddit|messenger|viber|e-?mail|x|vk|line|weibo|flipboard|copy link|print|"
    r"share|tweet|pin|post|teilen|twittern|partager|compartir|compartilhar|condividi|delen|dela|del|udostępnij|поделиться|поділитися|sdílet|paylaş|tweetle|yazdır|مشاركة|"
    r"シェア|ツイート|ポスト|ブックマーク|分享|微信|微博|转发|공유)(?:'?[td][ae])?[\W\d_]*|a[+-]?\s*){2,}"
)
"""Buttons to pass a story on, in a row or run together."""

DATELINE: Final = (
    r"(?:first )?published|posted|updated|last updated|last modified|modified|date|issued|created|"
    r"veröffentlicht|aktualisiert|zuletzt aktualisiert|stand|erstellt|erschienen|artikel vom|erstveröffentlichung|letzte aktualisierung|"
    r"publi[ée]e?|mis à jour|modifié|mise à jour|publié|"
    r"publicado|publicada|actualizado|actualizada|última actualización|creado|modificado|"
    r"pubblicato|aggiornato|ultimo aggiornamento|data|"
    r"atualizado|atualizada|última atualização|postado|"
    r"gepubliceerd|bijgewerkt|laatst bijgewerkt|geplaatst|"
    r"publicerad|uppdaterad|senast uppdaterad|publisert|oppdatert|sist oppdatert|publiceret|opdateret|julkaistu|päivitetty|"
    r"opublikowano|publikacja|aktualizacja|zaktualizowano|data publikacji|data|dodano|ostatnia aktualizacja|"
    r"опубликовано|обновлено|дата публикации|последнее обновление|изменено|дата|"
    r"опубліковано|оновлено|дата публікації|останнє оновлення|змінено|"
    r"publikováno|aktualizováno|vydáno|zveřejněno|aktualizované|publikované|"
    r"yayınlanma(?: tarihi)?|yayın tarihi|güncelleme(?: tarihi)?|güncellenme(?: tarihi)?|güncellendi|giriş tarihi|son güncelleme|giriş|yayınlandı|oluşturulma|"
    r"نُ?شر(?:ت)?(?: في)?|تاريخ النشر|آخر تحديث|تم التحديث|تم النشر|حُدّث|تاريخ|"
    r"公開|更新|公開日|更新日|掲載|配信|最終更新|初公開日|発表|"
    r"发布|发布时间|發布|發佈|發布時間|更新时间|更新時間|时间|日期|最后更新|发表于|"
    r"입력|수정|등록|게재|기사입력|최종수정|승인|송고|δημοσίευση|ενημέρωση|közzétéve|frissítve|megjelent|diterbitkan|diperbarui|cập nhật|đăng|publicat|actualizat|objavljeno|ažurirano|प्रकाशित|अपडेट"
)
"""Words that stand before the date of a page."""

MONTHS: Final = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "januar februar märz mai juni juli oktober dezember jänner feber jan febr "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre janv févr juil "
    "enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre ene abr ago dic "
    "gennaio febbraio aprile maggio giugno luglio settembre ottobre novembre dicembre gen mag giu lug set ott "
    "janeiro fevereiro março maio junho julho setembro outubro novembro dezembro fev out dez "
    "januari februari maart mei augustus juni juli okt mrt "
    "augusti februar augusti oktober desember januar sept tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia "
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря янв фев мар апр авг сен сент окт ноя дек "
    "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня "
    "ledna února března dubna května června července srpna září října listopadu prosince januára februára apríla mája júna júla augusta septembra októbra novembra decembra "
    "ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık "
    "يناير فبراير مارس أبريل ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر كانون شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين الثاني الأول "
    "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun "
    "montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so "
    "lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica segunda terça quarta quinta sexta feira "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag lördag söndag mandag tirsdag lørdag søndag "
    "poniedziałek wtorek środa czwartek piątek sobota niedziela понедельник вторник среда четверг пятница суббота воскресенье "
    "понеділок вівторок середа четвер п'ятниця субота неділя pondělí úterý středa čtvrtek pátek neděle "
    "pazartesi salı çarşamba perşembe cuma cumartesi pazar الإثنين الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت الأحد "
    "am pm a m p gmt utc est edt pst pdt bst cet cest ist msk mez uhr h at um le el il al alle las a às de del den der the on of no på kl klo o w dne в о об у год года г р року "
    "ago hours hour minutes minute days day min mins hrs ore ora saat gün önce vor stunden stunde minuten tagen il y heures heure hace horas há uhr kello th st nd rd and und et y e i и та "
    "à ao um gegen 年 月 日 時 分 点 時間前 오전 오후 년 월 일 시 분 前 读 ist hk et ct pt"
)
"""Words that a date may be written with, in all languages at once."""

SOURCE_LINES: Final[dict[str, str]] = {
    "cs": r"(?:zdroj|autor|foto): ?.{1,60}",
    "de": r"(?:mit material von|mit|von|aus|quellen?|text|red(?:aktion)?|faktencheck|verwendete quellen|bearbeitung|sendung|hinweis|übersetzung(?: und adaptierung)?|mitarbeit|protokoll|recherche)\W? ?(?:der )?(?:agenturen|dpa|afp|reuters|sid|apa|ap|epd|kna)(?:\W+\w{1,12}){0,5}|(?:quelle|quellen|redaktion|faktencheck|übersetzung(?: und adaptierung)?|mitarbeit|sendung|erstveröffentlichung|redaktionelle mitarbeit|verwendete quellen):.{0,90}|verwendete quellen|eigene (?:recherchen?|quellen)|dieser (?:artikel|text|beitrag) (?:ist|erschien|wurde) (?:zuerst|erstmals|zunächst|ursprünglich).{0,100}|(?:dieser|der) (?:artikel|text|beitrag) .{0,40}(?:künstlicher intelligenz|ki-|maschinell|automatisch).{0,80}",
    "en": r"(?:(?:additional |with )?(?:reporting|writing|editing|compiled|translated|edited|written|produced|research|graphics?) (?:by|from)\b.{1,160})|(?:with (?:additional )?(?:reporting|files|inputs?|material|contributions?) (?:from|by)\b.{1,100})|.{3,110}\bcontributed (?:to|reporting)\b.{0,60}|(?:source|sources|via): ?.{1,60}|(?:this|the|a version of this) (?:article|story|report|post|piece|column) (?:was |is |has been |has |also )?(?:first |originally |previously )?(?:appeared|published|updated|produced|written|generated|translated|corrected|amended|adapted|excerpted|made possible|supported|part of)\b.{0,160}|(?:originally|first) (?:published|appeared|posted) (?:on|in|at|by)\b.{0,80}|(?:editing|reporting) by .{1,100}|(?:©|\(c\)).{1,80}|associated press writers? .{1,120}|\(?agencies\)?|\(?with agencies\)?|.{0,30}staff and agencies|(?:copyright|reuters|afp|ap) ?/ ?.{1,30}",
    "es": r"(?:con información de|fuente|fuentes|vía|redacción|edición|texto):? .{1,60}|(?:este|el) (?:artículo|texto) (?:fue|se) (?:publicad\w|publicó) (?:originalmente|originariamente|por primera vez).{0,80}",
    "fr": r"(?:avec (?:l')?(?:afp|reuters|ap|agences?)|(?:avec )?agences?|source|sources|traduction|traduit (?:de|par)|propos recueillis par|texte|édition|rédaction)\W? ?.{0,70}|cet article (?:a été|est) (?:initialement |d'abord |mis à jour|publié|paru).{0,80}",
    "it": r"(?:fonte|fonti|con|a cura di|redazione|traduzione):? (?:di )?.{1,50}(?:ansa|agenzie)?",
    "ja": r"[（(【［\[][^）)】］\]]{1,25}(?:記者|通信|支局|新聞|編集部|配信|時事|共同|ロイター|afp)[^）)】］\]]{0,15}[）)】］\]]|(?:出典|参照|参考|引用元|情報提供|取材・文|文・写真|文|取材)[：:=／/].{1,40}",
    "ko": r".{0,20}기자\s*\S*@\S+|\S+@\S+|.{0,15}(?:기자|특파원) ?=?.{0,6}|출처 ?[:：].{1,30}",
    "nl": r"(?:bron|bronnen|met medewerking van|vertaling|door): ?.{1,60}|dit (?:artikel|stuk|verhaal) (?:verscheen|is|werd) (?:eerder|eerst|oorspronkelijk).{0,80}",
    "no": r"(?:kilde|kilder): ?.{1,60}|saken (?:ble|er) (?:først|opprinnelig).{0,60}|\(?©? ?ntb\)?",
    "pl": r"(?:źródło|źródła|źródło:|oprac\.?|opracowanie|opracował\w*|tłumaczenie|red\.|redakcja|autor|na podst\.?):? .{1,60}|(?:tekst|artykuł) (?:pierwotnie |po raz pierwszy )?(?:ukazał|opublikowan|pochodzi).{0,80}",
    "pt": r"(?:fonte|fontes|com informações (?:de|da|do)|com agências|edição|texto|tradução|por):? .{1,50}|(?:este|esta) (?:artigo|texto|matéria|reportagem) (?:foi|é) (?:originalmente|publicad\w).{0,80}",
    "ru": r"(?:источник|источники|по материалам|автор|авторы|текст|подготовил[аи]?|перевод|редактор|материал подготовил[аи]?|при участии)[: ].{1,60}|(?:статья|материал|текст) (?:впервые |был[аи]? )?(?:опубликован|подготовлен).{0,80}",
    "sv": r"(?:källa|källor|text|av): ?.{1,60}|artikeln (?:publicerades|är|har).{0,20}(?:först|ursprungligen|tidigare).{0,60}",
    "tr": r"(?:kaynak|haber|editör|muhabir|derleyen|çeviri)\s*: ?.{1,50}",
    "uk": r"(?:джерело|джерела|за матеріалами|автор(?:ка)?|текст|підготува\w+|переклад|редактор(?:ка)?|матеріал підготува\w+)[: ].{1,70}|(?:стаття|матеріал|текст) (?:вперше |бул[аои]? )?(?:опублікован|підготовлен).{0,80}",
    "zh": r"(?:[（(【]).{0,30}(?:记者|記者|编辑|編輯|编译|編譯|通讯员|实习生|责编|校对|责任编辑|来源|综合报道).{0,60}(?:[）)】])|(?:责任编辑|責任編輯|编辑|編輯|责编|责任校对|校对|来源|來源|原标题|作者|稿源|审核|编审|文章来源)[：:／/].{1,60}",
}
"""Who else had a hand in it and where it first stood; last lines and, when short, anywhere."""

TAG_PREFIX: Final = (
    r"tags?|filed under|topics?|keywords?|categor(?:y|ies)|more on|posted in|tagged(?: with| as| in)?|sections?|labels?|hashtags?|"
    r"schlagw(?:ö|o)rte?r?|themen|schlagworte|kategorien?|stichw(?:ö|o)rter|rubrik|etiquetas|archivado en|temas|categor[ií]as?|palabras clave|"
    r"mots[- ]clés|thèmes?|rubriques?|étiquettes|classé (?:dans|sous)|sujets|tag|argomenti|parole chiave|categori[ae]|etichette|"
    r"tópicos|assuntos|palavras-chave|onderwerpen|trefwoorden|categorieën|ämnen|taggar|etiketter|nyckelord|emner|emneord|stikord|avainsanat|aiheet|"
    r"tagi|tematy|słowa kluczowe|kategorie?|teraz na topie|теги|тэги|метки|темы|ключевые слова|рубрики|рубрика|категории|ключові слова|мітки|теми|рубрики|"
    r"štítky|témata|klíčová slova|etiketler|anahtar kelimeler|konular|كلمات مفتاحية|الكلمات المفتاحية|وسوم|الوسوم|كلمات دلالية|الكلمات الدلالية|علامات|تصنيفات|"
    r"タグ|キーワード|カテゴリー?|関連キーワード|ハッシュタグ|标签|標籤|关键词|关键字|關鍵字|關鍵詞|태그|키워드|címkék|etichete|ετικέτες|תגיות|từ khóa|topik|টপিক"
)
"""Words before a list of tags, followed by a colon."""

MISTAKES: Final[dict[str, str]] = {
    "any": r".{0,60}ctrl ?\+ ?enter.{0,30}",
    "thanks": r"(?:thank you|thanks) for (?:reading|your (?:support|visit)|being a (?:subscriber|member|reader)).{0,140}|(?:vielen )?dank(?:e)?,? (?:fürs|für das|für ihr|dass sie).{0,10}(?:lesen|interesse|vertrauen|unterstützung|lesen).{0,140}|"
    r"merci (?:de (?:nous lire|votre (?:lecture|fidélité|soutien))|d'avoir lu).{0,140}|gracias por (?:leer|tu (?:lectura|apoyo)|su (?:lectura|apoyo)).{0,140}|grazie (?:per aver letto|di averci letto|per il tuo sostegno).{0,140}|"
    r"obrigad[oa] por (?:ler|nos ler|seu apoio).{0,140}|(?:bedankt|dank) (?:voor het lezen|dat je|voor je).{0,140}|tack för att du (?:läser|är|prenumererar|stöd).{0,140}|takk for at du (?:leser|abonnerer).{0,140}|tak fordi du (?:læser|abonnerer).{0,140}|"
    r"dziękujemy,? (?:za (?:przeczytanie|wsparcie)|że (?:jesteś|czytasz|nas)).{0,140}|спасибо,? что (?:читаете|вы с нами|остаетесь).{0,140}|дякуємо,? що (?:читаєте|ви з нами).{0,140}|děkujeme,? (?:že (?:čtete|nás)|za přečtení).{0,140}|okuduğunuz için teşekkür.{0,140}",
    "house": r"(?:the|this) .{2,40} is (?:a trusted|an independent|the leading|provided free|a free|a non-?profit|a reader-supported).{0,140}|our website is the place for.{0,220}|.{0,60}read our (?:editorial )?(?:charter|standards|code|mission).{0,40}",
    "cs": r"(?:našli jste|nalezli jste|všimli jste si) .{0,20}chyb\w+.*|nahlásit chybu.*",
    "de": r"(?:fehler gefunden|haben sie (?:einen )?(?:fehler|anregungen)|fehler (?:im (?:text|artikel) )?(?:entdeckt|melden)|rechtschreibfehler).*|bitte markieren sie .{0,90}|ihre meinung ist uns .*|(?:sie haben|haben sie) (?:hinweise|fragen|feedback).{0,120}|so erreichen sie uns.*|.{0,100}(?:hinweise zum themengebiet|vertraulich und sicher).{0,100}",
    "en": r"(?:spotted|found|seen|see|notice[d]?|report|have you (?:spotted|seen)|is there) (?:a |an |any )?(?:mistake|error|typo|inaccurac\w+|something wrong|problem|correction).{0,100}|(?:to )?report (?:a |an |this )?(?:correction|error|typo|technical issue|comment|issue|ad).{0,80}|(?:suggest|request|submit) a correction.*|corrections? or (?:clarifications?|comments?).{0,100}|(?:do you have|have|got) (?:a |any |an )?(?:story|news tip|tip|tips|confidential tip|information|question|questions|feedback|views?).{0,20}[?].{0,160}|got a (?:story|tip|question).{0,160}|(?:what do you think|what are your thoughts|do you agree|tell us what you think).{0,160}|(?:please )?(?:get in touch|contact us|email us|write to us|reach out)\b.{0,160}|(?:the .{2,40} is committed to publishing) .{0,160}|our standards:.*|(?:read|see) (?:about )?(?:our|how we) .{0,80}|(?:the|this) .{2,50} (?:is a member of|adheres to|is regulated by|follows|complies with)\b.{0,60}(?:press|trust|standards|code|council|scheme|regulator|ipso|editors).{0,100}|(?:we|our editors|our journalists) (?:may|might|can) (?:earn|receive|get|make)\b.{0,120}(?:commission|link|purchase|sale).{0,80}|.{0,80}(?:affiliate (?:links?|commission|partners?)|may (?:earn|get|receive) a (?:commission|share|cut)|commission (?:if|from|on|when) ).{0,120}|.{0,40}(?:views|opinions) expressed (?:in|here|by|on)\b.{0,160}|would you like to comment.*|please read our .{2,30}(?:policy|guidelines|rules).{0,60}|(?:for more|more) (?:stories|news|coverage|articles) (?:like this|from|on|about|visit|check|see).{0,100}|.{0,25}invitation-only community.{0,120}",
    "es": r"(?:¿has (?:encontrado|visto)|¿ha encontrado|has detectado|¿encontraste|reportar?|informar de|avísanos|comunicar) .{0,20}(?:error|errata|fallo).*|fe de erratas.{0,20}$|consulta (?:aquí )?nuestr.{0,60}|normas .{0,30}(?:trust project|código ético).{0,40}|.{0,50}(?:código ético|the trust project).{0,40}",
    "fr": r"(?:vous avez (?:vu|repéré|constaté|remarqué)|une erreur|signaler|signalez) .{0,20}(?:erreur|faute|coquille|problème|abus).*|une (?:erreur|faute|coquille) (?:dans|\?).{0,60}|(?:notre|la) charte .{0,50}",
    "it": r"(?:hai trovato|segnala|trovato|c'è) (?:un |gli |degli )?error[ei].*|(?:aderisce|aderiamo) .{0,60}trust project.{0,30}",
    "ja": r".{0,20}(?:誤字|脱字|誤り|間違い).{0,20}(?:報告|ご連絡|お知らせ|ご指摘).{0,20}|.{0,20}(?:お問い合わせ|ご意見).{0,15}(?:こちら|まで).{0,15}",
    "nl": r"(?:heb je|zie je|heeft u|fout|foutje|taalfout|typfout).{0,25}(?:fout|gezien|gevonden|ontdekt|opgemerkt|tip).{0,80}|(?:heb je|heeft u|wil je).{0,40}(?:tip|opmerking|nieuws|reactie|reageren|delen).{0,80}",
    "no": r"(?:fant du|har du funnet|ser du|funnet|oppdaget du) (?:en )?(?:feil|skrivefeil).*|tips oss.*|har du (?:tips|innspill|flere opplysninger).*",
    "pl": r"(?:widzisz|znalazłeś|zauważyłeś|zauważył[ae]ś|znalazł[ae]ś|zgłoś|dostrzegł\w+|zobaczył\w+).{0,25}(?:błąd|błędy|literówk\w+).*|(?:masz|chcesz|jesteś|byłeś|zrobiłeś).{0,40}(?:temat|informacj\w+|zdjęci\w+|świadkiem|napisz|skontaktuj|podziel).{0,100}",
    "pt": r"(?:encontrou|viu|achou|reportar|comunicar|informar|notou) (?:algum |um )?erro.*|(?:tem|quer) .{0,40}(?:sugestão|pauta|denúncia).{0,80}",
    "ru": r"(?:нашли|заметили|увидели|обнаружили|если вы (?:нашли|заметили|увидели|обнаружили)) (?:ошибку|опечатку|неточность|орфографическую).*|сообщить об ошибке.*|выделите (?:текст|ошибку|её|ее|фрагмент).*|есть (?:тема|новость|что рассказать|вопрос).{0,80}",
    "sv": r"(?:hittat|såg du|har du (?:sett|hittat)|upptäckt|ser du|rapportera|fel) .{0,20}(?:fel|felaktigt|rättelse|stavfel|i artikeln).*|rätta artikeln.*|så (?:arbetar|jobbar) (?:vi|.{2,20} med kvalitetsjournalistik).{0,80}|.{0,30}(?:står för|följer) .{0,20}(?:journalistik|pressetisk\w*|medieetik).{0,60}|.{0,60}saklig och korrekt nyhetsrapportering.{0,60}",
    "tr": r".{0,30}(?:hata|yanlış|imla hatası).{0,20}(?:bildir|düşünüyorsanız|gördüyseniz|var mı|bildirin).{0,40}",
    "uk": r"(?:знайшли|помітили|побачили|якщо (?:ви )?(?:знайшли|помітили|побачили|виявили)) (?:помилку|одрук|неточність|орфографічну).*|повідомити про помилку.*|виділіть (?:текст|помилку|її|фрагмент).*",
    "zh": r".{0,20}(?:发现|如有).{0,12}(?:错误|侵权|疑问|问题|错别字).{0,12}(?:请|联系|举报|告知|反馈).{0,60}|(?:举报|爆料|投诉|联系)(?:电话|邮箱|我们)?[：:].{1,60}|.{0,10}新闻热线.{0,40}",
}
"""Calls to report errors, standards, disclosures."""

BIO_NOUNS: Final = (
    r"correspondent|reporter|journalist|editor|writer|columnist|contributor|author|freelancer?|critic|producer|fellow|professor|blogger|curator|"
    r"redakteur(?:in)?|korrespondent(?:in)?|reporter(?:in)?|journalist(?:in)?|autor(?:in)?|volontär(?:in)?|chefredakteur(?:in)?|ressort|kolumnist(?:in)?|"
    r"journaliste|rédac(?:teur|trice)|correspondante?|chroniqueu(?:r|se)|grand reporter|periodista|redactora?|corresponsal|columnista|colaboradora?|"
    r"giornalista|redattrice|redattore|inviat[oa]|jornalista|repórter|editora?|redatora?|colunista|redacteur|redactrice|verslaggever|verslaggeefster|"
    r"journalistin|reporterka?|dziennikarz|dziennikarka|redaktor(?:ka)?|publicyst\w+|журналист(?:ка)?|корреспондент(?:ка)?|обозреватель|редактор|автор|"
    r"журналіст(?:ка)?|кореспондент(?:ка)?|редактор(?:ка)?|оглядач(?:ка)?|авторка|redaktör|reporter|skribent|krönikör|journalist|gazeteci|muhabir\w*|editör\w*|yazar\w*|novinář(?:ka)?|redaktorka?"
)
"""What people who write for a living are called."""

CONTACT_WORDS: Final = (
    r"reach|contact|e-?mail|write to|follow|get in touch|tips?|on (?:twitter|x|signal|bluesky|mastodon)|can be reached|may be reached|twitter|signal|"
    r"kontakt|schreiben sie|erreichen|folgen sie|contacto|escribe|correo|contacter|écrire|suivez|contatta|scrivi|seguilo|seguila|contato|e-mail|"
    r"mail naar|bereikbaar|kontakta|mejla|tipsa|napisz|e-?mail|пишите|написать|почта|связаться|эл\. почта|написати|пошта|pošta|iletişim|e-posta|邮箱|郵箱|電郵|이메일|メール|البريد"
)
"""How a bio says where its subject is to be found."""

SPEECH: Final = (
    r"(?<!\w)(?:said|says|told|asked|asks|adds|added|wrote|sagte|sagt|fragte|erklärte|lança|lancé|déclaré|a dit|dit-il|dit-elle|dijo|dice|respondió|ha detto|ha risposto|"
    r"disse|afirmou|respondeu|pediu|zei|zegt|sa|säger|sier|siger|powiedział\w*|mówi|pyta|сказал\w*|заявил\w*|сообщил\w*|ответил\w*|говорит|сказав|сказала|заявив|повідомив|"
    r"попросив|řekl\w*|uvedl\w*|ptá|dedi|söyledi|diyor|anlattı|قال|قالت|وقال)(?!\w)|[言話述訴]べ|と(?:話|述べ|語|いう)|(?<!你)[说說](?:[，。：:]|$)|라고"
)
"""Words that say who spoke: a line that holds one quotes somebody."""

AGENCY: Final = (
    r"^[(\[]?(?:[A-Za-zÄÖÜäöü.]{2,5}/)*(?:mit |with |avec |con |com |met |med )?(?:dpa|afp|reuters|rtr|ap|sid|apa|sda|efe|ansa|tt|ntb|pap|ctk|čtk|anp|belga|lusa|kna|epd|aap|pti|ani|ians|aa|dha|iha|cp|press association|"
    r"europa press|тасс|риа|afp/\w+)(?:[\s,/und&+\-]{1,5}\w{2,10}){0,4}[)\]]?\.?$|^[(\[][a-zäöü]{2,4}(?:[/,\-][a-zäöü]{2,5})*[)\]]$|^[A-ZÄÖÜ]{2,4}/[a-zäöü]{2,4}$"
)
"""An agency, or an editor's initials, as a line of their own; searched without regard to case."""

SECOND_PERSON: Final[dict[str, str]] = {
    "cs": r"[Vv]ás|[Vv]ám|[Vv]ámi|[Vv]aš\w*|můžete|máte|chcete",
    "da": r"[Dd]u|[Dd]ig|[Dd]in|[Dd]it|[Dd]ine",
    "de": r"[Dd]u|[Dd]ich|[Dd]ir|[Dd]ein\w*|(?<=\w )Sie|Ihnen|Ihre[mnrs]?",
    "en": r"[Yy]ou|[Yy]our|[Yy]ours|[Yy]ourself|[Yy]ou['’](?:re|ve|ll)",
    "es": r"[Tt]ú|[Tt]us?|[Tt]e|ti|[Uu]sted(?:es)?|contigo|puedes|tienes",
    "fi": r"[Ss]inä|[Ss]inun|[Ss]inua|[Vv]oit|[Tt]eidän",
    "fr": r"[Vv]ous|[Vv]otre|[Vv]os",
    "it": r"[Tt]u|[Tt]uo|[Tt]ua|[Tt]uoi|[Tt]ue|[Tt]i|puoi",
    "nl": r"[Jj]e|[Jj]ij|[Jj]ouw?|[Uu]w",
    "no": r"[Dd]u|[Dd]eg|[Dd]in|[Dd]itt|[Dd]ine",
    "pl": r"[Tt]wój|[Tt]woj\w+|[Cc]iebie|[Cc]i|możesz|masz|chcesz|[Pp]aństw\w*",
    "pt": r"[Vv]ocês?|[Tt]eus?|[Tt]uas?",
    "ru": r"[Вв]ы|[Вв]ас|[Вв]ам|[Вв]аш\w*",
    "sv": r"[Dd]u|[Dd]ig|[Dd]in|[Dd]itt|[Dd]ina",
    "tr": r"[Ss]iz|[Ss]izin|[Ss]ize|[Ss]en|[Ss]enin",
    "uk": r"[Вв]и|[Вв]ас|[Вв]ам|[Вв]аш\w*",
}
"""How a story speaks to its reader, case told apart where a capital is what tells "you" from "they"."""
