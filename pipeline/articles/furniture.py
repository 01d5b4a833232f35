"""Stock phrases that sites put between and around the lines of a story, by reason and language.

Data only. ``WHOLE`` must be the whole line, ``OPENING`` its beginning, ``WITHIN`` may stand anywhere in a line of moderate
length. Lower case, apostrophes straight, in the syntax of ``re``. Sorted by reason, then by language; the reasons are part of
the ``extract`` contract and stay stable.
"""

from __future__ import annotations

from typing import Final

Table = dict[str, dict[str, str]]

ADVERTISEMENT: Final[dict[str, str]] = {
    "ar": r"إعلان|إعلانات|اعلان",
    "bg": r"реклама",
    "bn": r"বিজ্ঞাপন",
    "ca": r"publicitat",
    "cs": r"reklama|inzerce|komerční sdělení",
    "da": r"annonce|annoncer|reklame",
    "de": r"anzeige|anzeigen|werbung",
    "el": r"διαφ[ηή]μιση|διαφημ[ιί]σεις",
    "en": r"advertisement|advertisements|advertising|advert|ads?|sponsored|sponsored content|paid content|paid post|promoted|ad feedback",
    "es": r"publicidad|anuncio|anuncios|contenido patrocinado",
    "et": r"reklaam",
    "fa": r"تبلیغات",
    "fi": r"mainos",
    "fr": r"publicité|publicite|annonce|pub|contenu sponsorisé",
    "he": r"פרסומת",
    "hi": r"विज्ञापन",
    "hr": r"oglas|reklama",
    "hu": r"hirdetés",
    "id": r"iklan|advertisement",
    "it": r"pubblicità|annuncio pubblicitario|annunci",
    "ja": r"広告|pr|スポンサーリンク",
    "ko": r"광고|ad",
    "lt": r"reklama",
    "lv": r"reklāma",
    "nl": r"advertentie|advertenties|reclame",
    "no": r"annonse|annonsørinnhold|reklame",
    "pl": r"reklama|reklamy|materiał sponsorowany|artykuł sponsorowany",
    "pt": r"publicidade|pub|anúncio|anúncios|conteúdo patrocinado",
    "ro": r"publicitate|reclamă",
    "ru": r"реклама|на правах рекламы",
    "sk": r"reklama|inzercia",
    "sl": r"oglas",
    "sr": r"реклама|oglas",
    "sv": r"annons|annonser|reklam",
    "th": r"โฆษณา",
    "tr": r"reklam|reklamlar|ilan",
    "uk": r"реклама|на правах реклами",
    "vi": r"quảng cáo",
    "zh": r"广告|廣告|推广|赞助",
}
"""Labels of advertisements; see ``AD_TAIL`` for what may follow them."""

AD_TAIL: Final = (
    r"continue[sd]?|reading|below|the|story|article|scroll|to|for|more|content|after|ends?|sigue|leyendo|debajo|continúa|continua|depois|da|do|de|la|"
    r"suite|après|cette|lire|fortsätter|efter|annonsen|artikeln|fortsetter|fortsætter|under|weiterlesen|nach|der|anzeige|artikel|geht|hier|unten|weiter|dopo|"
    r"continue|leggi|leggere|lees|verder|na|onder|deze|het|текст|продовжується|нижче|продолжение|ниже|после|рекламы|статьи|dalsza|część|tekstu|pod|"
    r"poniżej|pokračuje|článek|pokračování|textu|haber|devam|ediyor|habere|devamı|aşağıda|remove|ads|go|ad|free|this|is|an|feedback|erid|ооо|ип|"
    r"\d+\+?|\W+"
)
"""Words that may follow an advertisement's label, and nothing else may."""

CONTINUES: Final[dict[str, str]] = {
    "da": r"artiklen fortsætter (?:efter|under) annonc\w+",
    "de": r"(?:der )?artikel (?:geht|wird) nach der (?:werbung|anzeige).*|weiterlesen nach der anzeige|unter der anzeige geht es weiter",
    "en": r"(?:story|article|content) continues (?:below|after)(?: (?:this |the )?(?:advertisement|ad))?|continue reading(?: below)?(?: the main story)?|scroll (?:down )?to continue.*|keep scrolling.*",
    "es": r"(?:sigue|continúa) leyendo.*|la noticia continúa.*|continúa (?:después|tras) (?:de )?la publicidad",
    "fr": r"la suite après (?:la|cette) publicité|la suite de (?:l'|cet )article.*|lire la suite|suite de l'article.*",
    "it": r"(?:l'articolo )?continua (?:a leggere )?dopo la pubblicità|continua a leggere.*|l'articolo prosegue.*",
    "nl": r"(?:artikel |tekst |het artikel )?gaat verder (?:onder|na) (?:de )?(?:advertentie|foto|video).*|lees verder (?:onder|na) (?:de )?(?:advertentie|foto).*",
    "no": r"(?:saken|artikkelen) fortsetter (?:etter|under) (?:annonsen|bildet|videoen).*",
    "pl": r"(?:dalsza|dalszy) (?:część|ciąg) (?:artykułu|tekstu).{0,40}|ciąg dalszy.{0,40}",
    "pt": r"continua (?:depois|após|a seguir).{0,40}|continue lendo.*",
    "ru": r"продолжение (?:после рекламы|ниже|статьи).*|читать дальше|читать далее|читать полностью",
    "sv": r"(?:artikeln|texten) fortsätter (?:efter|under|nedan).{0,40}",
    "uk": r"продовження (?:після реклами|нижче).*|читати далі",
}

READ_MORE: Final[dict[str, str]] = {
    "ar": r"اقرأ أيض[اًا]+|اقرأ ايضا|إقرأ أيض[اًا]+|اقرأوا أيض[اًا]+|اقرأ المزيد|طالع أيض[اًا]+|شاهد أيض[اًا]+|المزيد",
    "bg": r"прочетете (?:още|също)|вижте (?:още|също)|четете още",
    "ca": r"llegiu també|llegeix també|vegeu també",
    "cs": r"čtěte také|čtěte i|čtěte více|přečtěte si (?:také|i|více)|mohlo by vás zajímat|více čtěte|více o tématu|podívejte se|související",
    "da": r"læs også|læs mere|se også|læs også her",
    "de": r"lesen sie (?:auch|mehr|dazu|hier|hierzu|weiter|außerdem|jetzt)|lies auch|lies mehr|mehr (?:zum thema|dazu|lesen|informationen|infos|zu)|auch interessant|das könnte sie (?:auch )?interessieren|siehe auch|hier (?:lesen|geht es|geht's|finden sie)|weitere (?:infos|informationen|artikel|themen|nachrichten)|zum thema|passend dazu|mehr aus",
    "el": r"διαβ[αά]στε (?:επ[ιί]σης|ακ[οό]μ[αη]|περισσ[οό]τερα|εδ[ωώ])|δε[ιί]τε (?:επ[ιί]σης|ακ[οό]μ[αη])|σχετικ[αά] [αά]ρθρα",
    "en": r"read (?:more|also|next|this|on|our|the full story|full story)|also read|also (?:on|in|see)|see (?:also|more)|see (?:our|the) (?:full|live)|related|related(?: story| stories| article| articles| coverage| post| posts| content| reading| video| link| links| topics)|more(?: on| from| about)?(?: this)?|more(?: stories| news| coverage)|don't miss|must[- ]read|you (?:may|might) (?:also )?(?:like|be interested in|have missed|enjoy)|further reading|recommended(?: for you| reading| stories)?|watch(?: now| more| also| live| next)?|listen|in case you missed it|dig deeper|go deeper|here(?:'s| is) more|explore more|explainer|up next|read next|editor'?s? picks?|trending(?: now)?|most read|previously|from the archive|learn more|popular|learn more about",
    "es": r"lea también|lee también|leer también|le puede interesar|te puede interesar|puede interesarte|te interesa|también puedes? leer|lea (?:aquí|además|más)|lee (?:aquí|además|más)|leer más|ver más|vea también|mira también|ver también|más (?:información|noticias|sobre)|noticias? relacionadas?|relacionad[oa]s?|además|sigue leyendo|consulta (?:aquí|también)|conoce más|no te pierdas",
    "et": r"loe (?:ka|veel|lisaks)",
    "fa": r"بیشتر بخوانید|همچنین بخوانید|مطالب مرتبط",
    "fi": r"lue myös|lue lisää|katso myös|lue seuraavaksi",
    "fr": r"(?:à )?lire (?:aussi|également|la suite|encore)|à lire|lisez aussi|lire l'article|voir (?:aussi|également|plus)|à voir aussi|pour aller plus loin|sur le même (?:sujet|thème)|à découvrir|(?:à )?écouter aussi|en savoir plus|nos autres articles|dans la même rubrique|notre dossier|décryptage à lire",
    "he": r"קראו (?:גם|עוד)|ראו גם|עוד בנושא|כתבות נוספות",
    "hi": r"यह भी पढ़ें|ये भी पढ़ें|इसे भी पढ़ें|और पढ़ें|यह भी देखें|ये भी देखें|संबंधित खबरें",
    "hr": r"pročitajte (?:i|još|više)|čitajte i|čitaj i|vidi i|pogledajte i|više na",
    "hu": r"olvass(?:a|on)? (?:el )?(?:még|tovább|is|ezt is)|kapcsolódó (?:cikk|cikkek|cikkeink|anyag)|ez is érdekelheti|lásd még",
    "id": r"baca (?:juga|selengkapnya|pula)|lihat juga|simak juga|artikel terkait|berita terkait|baca",
    "it": r"leggi (?:anche|tutto|di più|l'articolo)|leggete anche|vedi anche|guarda anche|approfondisci|per approfondire|potrebbe interessarti(?: anche)?|ti potrebbe interessare|articoli correlati|notizie correlate|correlati|scopri (?:anche|di più)|l'approfondimento",
    "ja": r"あわせて読みたい|合わせて読みたい|関連記事|関連ニュース|関連リンク|こちらもおすすめ|おすすめ記事|続きを読む|もっと読む|次に読む|【関連】|【あわせて読みたい】|【写真】|【動画】",
    "ko": r"관련 ?기사|관련 ?뉴스|함께 보면 좋은 기사|더 보기|추천 ?기사|\[관련 ?기사\]|많이 본 뉴스",
    "nl": r"lees (?:ook|meer|hier|verder|alles)|bekijk ook|zie ook|meer (?:over|nieuws|lezen|weten)|kijk ook|luister ook|ook interessant|gerelateerd",
    "no": r"les (?:også|mer|alt)|se også|hør også|mer om",
    "pl": r"czytaj (?:też|także|również|więcej|dalej)|przeczytaj (?:też|także|również|więcej)|zobacz (?:też|także|również|więcej)|sprawdź (?:też|także|również)|polecamy(?: też| także)?|zobacz|więcej (?:na temat|informacji|o)|powiązane|podobne artykuły|warto przeczytać|obejrzyj (?:też|także)|czytaj",
    "pt": r"leia (?:também|mais|ainda|a seguir)|ler também|ler mais|veja (?:também|mais|ainda)|ver também|ver mais|saiba mais|confira (?:também|mais)|assista também|relacionad[oa]s?|notícias relacionadas|mais (?:sobre|lidas|notícias)|(?:pode|poderá) (?:também )?(?:lhe )?interessar",
    "ro": r"citește (?:și|mai mult|mai multe)|citiți și|citeşte şi|vezi și|vezi şi|articole similare|pe aceeași temă",
    "ru": r"читайте также|читайте (?:ещё|еще|далее|подробнее|по теме|об этом)|читать также|смотрите также|подробнее|по теме|еще по теме|ещё по теме|материалы? по теме|см\. также|также по теме|рекомендуем(?: также)?|ранее|вам (?:может быть|будет) интересно|статья по теме|другие (?:новости|материалы)|похожие (?:новости|материалы)",
    "sk": r"čítajte (?:aj|tiež|viac)|prečítajte si (?:aj|tiež)|mohlo by vás zaujímať|súvisiace",
    "sl": r"preberite (?:tudi|še|več)|poglejte tudi",
    "sr": r"прочитајте (?:и|још|више)|pročitajte (?:i|još)|повезане вести|opširnije",
    "sv": r"läs (?:också|även|mer|vidare)|se (?:också|även)|läs mer om|mer (?:om|läsning)|relaterat|fler nyheter|lyssna också|här är",
    "th": r"อ่านเพิ่มเติม|อ่านต่อ|ข่าวที่เกี่ยวข้อง|เรื่องที่เกี่ยวข้อง",
    "tr": r"(?:bunu|bunları) da (?:oku|okuyun|okuyabilirsiniz)|ayrıca (?:oku|okuyun|bakınız)|ilgili (?:haber|haberler|içerik|içerikler)|devamını oku|bakmadan geçme|önerilen haberler|benzer haberler|bu haber de ilginizi çekebilir|ilginizi çekebilir|haberin devamı",
    "uk": r"читайте також|читайте (?:ще|детальніше|далі)|дивіться також|більше (?:по темі|про це)|за темою|матеріали? (?:по темі|за темою)|детальніше|також за темою|схожі новини|вас (?:може|можуть) зацікавити|раніше",
    "ur": r"یہ بھی پڑھیں|مزید پڑھیں",
    "vi": r"xem thêm|đọc thêm|tin liên quan|bài liên quan|>> xem thêm",
    "zh": r"相关(?:新闻|阅读|报道|文章|链接|推荐)|相關(?:新聞|閱讀|報導|文章|連結)|延伸(?:阅读|閱讀)|阅读更多|閱讀更多|更多(?:新闻|新聞|报道|內容|内容|精彩)|推荐阅读|推薦閱讀|猜你喜欢|热门(?:新闻|推荐)|热点推荐|查看更多|上一篇|下一篇|点击查看",
    "other": r"funda olunye udaba lapha|soma (?:pia|zaidi)|lees ook hier|citește",
}
"""Openings of a pointer to another article."""

HEADINGS: Final[dict[str, str]] = {
    "ar": r"مواضيع ذات صلة|أخبار ذات صلة|مقالات ذات صلة|موضوعات متعلقة|أخبار متعلقة|الأكثر قراءة|الأكثر مشاهدة|قد يهمك(?: أيضا)?|اخترنا لكم|ذات صلة|كلمات مفتاحية|العلامات",
    "cs": r"související (?:články|témata|zprávy)|nejčtenější|další (?:články|zprávy|témata)|z domova|nejnovější|doporučujeme|témata|štítky",
    "da": r"mest læste|relaterede artikler|emner|andre læser",
    "de": r"mehr zum thema|ähnliche(?: artikel| themen| beiträge)?:?|weitere artikel|meistgelesen\w*|das könnte (?:sie|dich|ihnen|dir) (?:auch )?(?:interessieren|gefallen)|themen|schlagwörter|schlagworte|empfehlungen(?: der redaktion)?|aus dem ressort|unsere empfehlungen|neueste artikel|verwandte (?:artikel|themen)|top-themen|links zum thema|externer inhalt|empfohlener (?:redaktioneller|externer) inhalt|embed|kommentare?|kommentar abgeben|link zum youtube-inhalt|video-?tipp|weiterführende links|zum anzeigen bitte .{0,40}",
    "en": r"related (?:stories|articles|content|topics|news|posts|links|coverage|reading|tags|videos?)|more (?:stories|news|headlines|coverage|like this|to read|for you|top stories)|most (?:popular|read|viewed|shared|watched)|(?:top|latest|popular|trending|recent|other|featured|today's top) (?:stories|news|articles|posts|headlines|videos)|popular (?:on|now|in) .{1,30}|recommended|recommended for you|you may also like\W*|you might also like\W*|people also read|what to read next|read next|up next|next article|previous article|next story|in this (?:story|article)|topics(?: in this (?:article|story))?|tags|comments?|leave a (?:reply|comment)|join the (?:conversation|discussion)|share(?: this(?: article| story| post)?)?|follow us|explore further|explore (?:more|further topics)|something to consider|our picks|editors' picks|about the author|author|story timeline|story continues|more info(?:rmation)?|article content|watch live|newsletters?|latest|sponsored stories|around the web|from our partners|partner content|more from .{1,40}|skip (?:past )?(?:advert\w*|newsletter.*|promotion.*|to .{1,30})|after newsletter promotion|loading\W*|view (?:all )?comments(?: \(\d+\))?|report a typo|sections|stay informed(?:, daily)?|keep in touch|stay in touch|before you go",
    "es": r"noticias relacionadas|artículos relacionados|lo más (?:leído|visto|popular)|más noticias|te puede interesar|temas relacionados|temas|etiquetas|comentarios|archivado en|más información|te recomendamos|últimas noticias|contenido relacionado|en portada|comparte(?: esta noticia)?",
    "fi": r"luetuimmat|lisää aiheesta|aiheet|lue myös|suosittelemme",
    "fr": r"sur le même (?:sujet|thème)|à lire (?:aussi|également)|les plus lus|articles (?:liés|similaires|associés|connexes)|nos autres articles|mots[- ]clés|thèmes?|lire aussi|contenus sponsorisés|commentaires?|voir tous les commentaires|dans la même rubrique|à la une|les dernières actualités|partager(?: cet article)?|réagir|vous aimerez aussi|recommandé pour vous|contenu du .{0,30}|sujets associés",
    "hi": r"हिन्दी न्यूज़|कॉपी लिंक|संबंधित खबरें|टॉप न्यूज़|ट्रेंडिंग|वीडियो",
    "id": r"berita terkait|artikel terkait|terpopuler|berita populer|tag|topik|rekomendasi|headline|baca juga|terkini|pilihan editor|berita lainnya",
    "it": r"articoli correlati|notizie correlate|leggi anche|i più letti|più letti|potrebbe interessarti(?: anche)?|argomenti|tag|commenti|ultime notizie|in evidenza|video correlati|condividi",
    "ja": r"関連(?:記事|ニュース|リンク|トピックス|キーワード|サイト)|おすすめ(?:記事|情報)?|人気(?:記事|ランキング)|アクセスランキング|あわせて読みたい|合わせて読みたい|ランキング|カテゴリーをフォローする|この記事を書いた人|最新記事|新着記事|記事をシェア\w*|pickup|ピックアップ|特集|タグ|コメント|シェア",
    "ko": r"관련 ?기사|많이 본 (?:기사|뉴스)|주요 ?뉴스|인기 ?기사|추천 ?뉴스|태그|댓글|최신 ?뉴스|.{0,15}주요뉴스",
    "nl": r"lees ook|meer (?:over|nieuws|artikelen)|gerelateerde artikelen|meest gelezen|onderwerpen|tags|reacties|deel dit artikel|ook interessant|net binnen|aanbevolen",
    "no": r"mest lest|flere saker|relaterte saker|les også|emner|siste nytt|anbefalte saker",
    "pl": r"polecamy|najczęściej czytane|najpopularniejsze|powiązane (?:artykuły|tematy)|podobne (?:artykuły|tematy)|tagi|tematy|komentarze|zobacz (?:też|także|również)|czytaj (?:też|także|również)|więcej na ten temat|najnowsze|przeczytaj|udostępnij|warto przeczytać|popularne|dodaj komentarz|zobacz więcej",
    "pt": r"leia também|mais lidas|notícias relacionadas|veja também|tópicos|tags|comentários|saiba mais|mais notícias|últimas notícias|relacionadas|artigos relacionados|conteúdo relacionado|temas|compartilhe|partilhar|recomendado(?:s)?(?: para você)?",
    "ro": r"articole similare|cele mai citite|citește și|etichete|comentarii",
    "ru": r"читайте также|материалы по теме|по теме|похожие (?:новости|статьи|материалы)|самое (?:читаемое|интересное|популярное|важное)|популярное|теги|темы|комментарии|главное за день|новости партн[её]ров|лента новостей|последние новости|поделиться|главные новости|рекомендуем|ещё новости|еще новости|новости по теме|другие новости|сейчас читают|в тренде",
    "sv": r"läs (?:också|även|mer)|mest läst(?:a)?|relaterade artiklar|ämnen|fler artiklar|taggar|just nu|senaste nytt|mer läsning|dela(?: artikeln)?|rekommenderat",
    "tr": r"ilgili haberler|benzer haberler|önerilen haberler|en çok okunanlar|etiketler|yorumlar|son dakika haberleri|günün özeti|popüler haberler|diğer haberler|paylaş",
    "uk": r"читайте також|матеріали (?:по|за) тем(?:і|ою)|схожі (?:новини|матеріали)|найпопулярніше|популярне|теги|теми|коментарі|останні новини|головне|поділитися|новини партнерів|новини за темою|вас може зацікавити",
    "vi": r"tin liên quan|đọc nhiều|xem nhiều|bình luận|từ khóa|chủ đề",
    "zh": r"相关(?:新闻|阅读|报道|文章|推荐|链接|专题)|相關(?:新聞|閱讀|報導|文章)|延伸(?:阅读|閱讀)|热门(?:新闻|推荐|文章)|熱門(?:新聞|文章)|推荐阅读|推薦閱讀|猜你喜欢|最新(?:消息|新闻|文章)|为您推荐|精彩推荐|热门评论|网友评论|评论|标签|關鍵字|关键词|编辑推荐|分享到?|排行榜|大家都在看|你可能也想看",
}
"""Headings over what is not the story; the whole line."""

COPYRIGHT: Final[dict[str, str]] = {
    "ar": r"(?:جميع|كافة|كل) (?:ال)?حقوق محفوظة?|(?:جميع|كافة) الحقوق|حقوق (?:النشر|الطبع|الملكية) (?:محفوظة|©)|لا يجوز (?:نقل|نسخ|إعادة|استخدام|اقتباس)|يمنع (?:نقل|نسخ|إعادة|منعا|الاقتباس)|يُ?حظر (?:نقل|نسخ|نشر|إعادة)",
    "bg": r"всички права запазени",
    "cs": r"všechna práva vyhrazena|(?:přebírání|přetiskování|kopírování|šíření|publikování|použití|rozmnožování|jakékoli)\b.{0,90}(?:zakázán\w*|souhlas\w*|zapovězen\w*|vyhrazen\w*|nepřípustn\w+)",
    "da": r"alle rettigheder forbeholdes|(?:kopiering|gengivelse|eftertryk).{0,60}(?:forbudt|tilladelse)|ophavsret.{0,40}",
    "de": r"alle rechte (?:vorbehalten|liegen)|(?:vervielfältigung|nachdruck|weiterverbreitung|verbreitung|nutzung|weitergabe|wiedergabe|vervielfältigungen|kopieren|jede verwendung|die verwendung|verwertung).{0,120}(?:genehmigung|zustimmung|gestattet|untersagt|verboten|erlaubt|unzulässig|vorbehalten|lizenz|einwilligung|erlaubnis)|(?:dieser|der) (?:text|artikel|beitrag|inhalt) (?:ist|unterliegt) (?:urheberrechtlich|dem urheberrecht).*|(?:die )?(?:inhalte|texte) sind urheberrechtlich.*",
    "el": r"all rights reserved|με επιφύλαξη παντός δικαιώματος|απαγορεύεται η (?:αναδημοσίευση|αναπαραγωγή).*",
    "en": r"all rights reserved|(?:this (?:material|content|article|story|copy|work|text)|content|no part of .{1,40}|the (?:content|material|information) .{1,40}|.{1,40}material) (?:may|can|must|is|cannot) ?(?:not|be|protected|for your|only|copyright|subject)+.{0,120}|(?:reproduction|republication|redistribution|reprinting|reuse|unauthori[sz]ed .{1,20}|copying|distribution|any (?:use|reproduction)).{0,100}(?:prohibited|forbidden|permission|permitted|consent|allowed|licen[cs]e)|(?:may|must|can) ?not be (?:published|reproduced|copied|broadcast|redistributed|republished|used).{0,100}|distribution and use of this material.*|(?:published|reprinted|reproduced|republished) (?:with|by) (?:the )?(?:kind )?permission.*|to order (?:presentation|reprints).*|(?:this (?:article|story|post) (?:is|was) )?(?:republished|reprinted|licensed) (?:from|under) .{0,60}(?:licen[cs]e|creative commons|permission).*",
    "es": r"(?:todos los )?derechos reservados|(?:queda |está )?(?:prohibida|prohibido|se prohíbe) (?:la |su |el |cualquier |toda |expresamente |totalmente |terminantemente )*(?:reproducción|uso|copia|distribución|difusión|utilización).*|(?:la |su )?(?:reproducción|utilización|distribución|copia) .{0,90}(?:autorización|prohibida|prohibido|permiso|consentimiento).*|(?:este|el) (?:contenido|texto|artículo) .{0,40}(?:protegido|propiedad intelectual).*|no se permite (?:la )?reproducción.*",
    "fa": r"تمامی حقوق.{0,40}محفوظ.*|کلیه حقوق.*",
    "fi": r"kaikki oikeudet pidätetään.*|(?:kopiointi|jäljentäminen).{0,50}(?:kielletty|kielletään).*",
    "fr": r"tous droits (?:réservés|de reproduction).*|(?:toute )?(?:reproduction|représentation|diffusion|utilisation|rediffusion|copie|republication)s?\b.{0,100}(?:interdite?s?|autorisation|réservée?s?|accord|soumise?s?).*|droits (?:de reproduction|d'auteur) réservés.*|(?:cet article|ce contenu|ce texte|nos contenus|les contenus)\b.{0,60}(?:droit d'auteur|droits d'auteur|protégé|propriété).*",
    "he": r"כל הזכויות שמורות.*|©.*",
    "hi": r"सर्वाधिकार सुरक्षित.*",
    "hu": r"minden jog fenntartva.*",
    "id": r"hak cipta (?:dilindungi|milik).*|dilarang (?:mengutip|menyalin|memperbanyak|keras).*|seluruh hak cipta.*",
    "it": r"(?:tutti i )?diritti (?:sono )?riservati.*|(?:è )?(?:vietat[ao]|proibit[ao]) (?:la |ogni |qualsiasi )?(?:riproduzione|copia|utilizzo|diffusione).*|(?:la )?riproduzione (?:riservata|vietata|anche parziale|totale|dei contenuti).*|©? ?riproduzione riservata.*|.{0,30}contenuti .{0,40}protetti.*",
    "ja": r"(?:無断|許可なく|禁).{0,12}(?:転載|複製|使用|利用|転用|引用).{0,20}|.{0,40}(?:無断転載|無断複製|転載を禁|複写を禁).{0,40}|.{0,40}著作権は.{1,25}(?:帰属|属し|にあります).{0,20}|(?:当|本)(?:サイト|ウェブサイト|紙|記事).{0,30}(?:著作権|転載|複製).{0,40}",
    "ko": r".{0,40}무단 ?(?:전재|복제|배포|도용).{0,40}|저작권자.{0,60}|ⓒ.{0,60}|.{0,30}저작권법.{0,40}",
    "nl": r"alle rechten voorbehouden.*|(?:op (?:dit|deze) .{1,20} )?(?:rust|berust) (?:auteursrecht|copyright).*|(?:overname|verveelvoudiging|kopiëren|reproductie|overnemen|hergebruik|verspreiding)\b.{0,80}(?:toestemming|toegestaan|verboten|verbod).*|niets uit deze .*|(?:dit artikel|deze inhoud).{0,30}auteursrechtelijk.*|auteursrecht(?:en)? (?:voorbehouden|beschermd).*",
    "no": r"alle rettigheter.*|(?:kopiering|gjengivelse|videreformidling).{0,60}(?:forbudt|tillatelse|tillatt).*",
    "pl": r"(?:wszelkie|wszystkie) prawa zastrzeżone.*|(?:kopiowanie|rozpowszechnianie|przedruk|powielanie|dalsze|publikowanie|wykorzystywanie|reprodukcja|cytowanie)\b.{0,100}(?:zabronion\w+|zgod\w+|zakazan\w+|zastrzeżon\w+|niedozwolon\w+|wzbronion\w+).*|(?:materiał|treść|treści|artykuł|tekst|utwór)\b.{0,30}(?:chronion\w+|objęt\w+).{0,40}(?:praw\w+|autorsk\w+).*",
    "pt": r"(?:todos os )?direitos (?:de autor )?reservados.*|(?:é |fica )?(?:expressamente |terminantemente )?(?:proibida|proibido|vedada|interdita) (?:a |qualquer |sua |toda )?(?:reprodução|cópia|utilização|distribuição|publicação).*|(?:a )?(?:reprodução|cópia|utilização|republicação|divulgação)\b.{0,90}(?:autorização|proibida|permitida|permissão|consentimento|interdita).*|(?:este|o) (?:conteúdo|texto|material|artigo) (?:é|está) (?:protegido|propriedade).*",
    "ro": r"toate drepturile rezervate.*|(?:preluarea|reproducerea|copierea).{0,80}(?:interzis\w*|acord\w*|sursei).*",
    "ru": r"(?:все )?права (?:защищены|сохранены|принадлежат|на .{1,40}(?:защищены|принадлежат)).*|(?:перепечатка|использование|копирование|цитирование|воспроизведение|распространение|полное или частичное)\b.{0,120}(?:запрещен\w*|запрещён\w*|разрешен\w*|разрешён\w*|допускается|ссылк\w+|согласи\w+|разрешени\w+|возможн\w+).*|при (?:цитировании|использовании|перепечатке|копировании)\b.{0,80}(?:ссылк\w+|обязательн\w+).*",
    "sk": r"všetky práva vyhradené.*|(?:kopírovanie|šírenie|preberanie|publikovanie).{0,80}(?:zakázan\w+|súhlas\w+).*",
    "sr": r"сва права задржана.*|sva prava (?:zadržana|pridržana).*",
    "sv": r"alla rättigheter (?:förbehålls|förbehållna|reserverade).*|(?:materialet|innehållet|texten|artikeln|allt material)\b.{0,60}(?:upphovsrätt\w*|skyddat|skyddad|får inte).*|(?:kopiering|mångfaldigande|spridning|återgivning|eftertryck)\b.{0,70}(?:förbjud\w*|tillstånd|tillåt\w*|medgivande).*|citera oss gärna.*",
    "th": r"สงวนลิขสิทธิ์.*",
    "tr": r"(?:tüm|bütün|her) hakları? saklıdır.*|(?:izinsiz|kaynak gösterilmeden|yazılı izin|izin alınmadan)\b.{0,90}(?:kullanılamaz|yayınlanamaz|yayımlanamaz|alıntı\w*|kopyalanamaz|çoğaltılamaz|alınamaz|yapılamaz|paylaşılamaz).*|telif hakk\w+ .{0,40}(?:aittir|saklıdır|korunmaktadır).*|.{0,40}(?:izinsiz|kaynak gösterilmeden) (?:kullanılamaz|yayınlanamaz|yayımlanamaz|kopyalanamaz|alıntılanamaz).*",
    "uk": r"(?:усі|всі) права (?:захищен[оі]|застережен[оі]|належать).*|(?:передрук|використання|копіювання|цитування|відтворення|поширення|будь-яке)\b.{0,120}(?:заборонен\w*|дозволен\w*|дозвол\w*|посилання\w*|гіперпосилання|згод\w+|лише|можлив\w+).*|(?:при|у разі|за умови) (?:цитуванні|використанн\w+|передру\w+|копіюванн\w+)\b.{0,80}(?:посилання|обов'язков\w+).*",
    "vi": r"bản quyền thuộc.*|giữ bản quyền.*|cấm sao chép.*",
    "zh": r".{0,40}(?:版权所有|版權所有|保留一切权利|保留所有权利|保留所有權利|著作權所有|未经授权|未經授權|未经许可|未经书面|未經許可|不得转载|不得轉載|禁止转载|请勿转载|請勿轉載|转载请注明|轉載請註明|违者必究|必究).{0,60}|(?:本文|文章|以上内容|本网|免责声明).{0,30}(?:版权|转载|仅代表|不代表).{0,60}",
}
"""Reserved rights and bans on copying, from the start of a line or of a sentence in it."""

CREDIT_WORDS: Final = (
    r"photos?|photograph(?:s|er|y)?|pictures?|pic|pics|images?|illustrations?|graphics?|video|videos|screenshot|screengrab|credits?|photo credits?|image credits?|picture credits?|file photo|file|"
    r"fotos?|bild|bilder|bildquelle|bildnachweis|symbolbild|symbolfoto|archivbild|archivfoto|grafik|quelle|quellen|titelbild|fotocredit|"
    r"cr[ée]dits? ?(?:photos?)?|photographie|illustration|infographie|"
    r"imagen|im[áa]genes|fotograf[íi]as?|fotograf[iíї]e|cr[ée]ditos?|foto de archivo|archivo|v[íi]deo|"
    r"immagini?|fotografia|foto di|crediti|"
    r"imagem|imagens|fotografia|fotos|foto|reprodução|divulgação|"
    r"beeld|bron|fotografie|"
    r"bild|källa|fotograf|foto|arkivbild|montage|genrebild|kuva|kuvat|"
    r"fot|fot\.|zdjęcie|zdjęcia|źródło(?: zdjęcia)?|autor zdjęcia|grafika|"
    r"фото|фотография|иллюстрация|изображение|видео|источник фото|фотограф|скриншот|кадр|источник|коллаж|"
    r"світлина|світлини|зображення|відео|джерело|ілюстрація|скріншот|"
    r"zdroj|autor|ilustrační foto|"
    r"fotoğraf|fotoğraflar|görsel|kaynak|"
    r"الصورة|صورة|الصور|تصوير|المصدر|مصدر الصورة|"
    r"写真|撮影|画像|提供|出典|写真提供|画像提供|写真撮影|撮影者|"
    r"图片来源|圖片來源|图源|图片|圖片|图|圖|摄影|攝影|摄|来源|資料圖片|资料图片|"
    r"사진|사진제공|출처|이미지|자료|그래픽|φωτο|φωτογραφία|πηγή|foto ilustrasi|sumber|dok|slika|kép|fotó|forrás|ảnh|"
    r"source|sources|quelle|fuente|fonte|fuentes|isithombe|prise de vue"
)
"""Words before the colon of a picture's credit, or of a story's source."""

CREDIT_NAMES: Final = (
    r"getty(?: images)?|reuters|afp|ap|epa|dpa|shutterstock|alamy|istock|pa(?: wire| media| images)?|imago|picture alliance|ansa|efe|anp|tt|ntb|scanpix|ritzau|lusa|"
    r"pap|ctk|čtk|apa|keystone|belga|aap|cp|the canadian press|xinhua|tass|тасс|риа новости|sipa|zuma|bloomberg|ullstein|wikimedia|unsplash|pixabay|"
    r"pexels|flickr|facebook|instagram|handout|supplied|courtesy|file|archivo|archives?|archiv|archivbild|screenshot|aa|dha|iha|europa press|kyodo|共同|時事|ロイター|路透|新华社|网络|연합뉴스|뉴시스|رويترز|أ ف ب|unian|уніан|укрінформ"
)
"""Agencies and collections whose bare name, or whose name after a stroke, is a credit."""

CONSENT: Final[dict[str, str]] = {
    "cs": r"(?:tento web|tyto stránky|naše stránky) .{0,30}cookies.*",
    "da": r"vi bruger cookies.*",
    "de": r"(?:wir|diese (?:website|seite)) (?:verwenden?|nutzen|nutzt|benutz\w+|setz\w+).{0,30}cookies.*|ich bin (?:damit )?einverstanden.*|.{0,60}externe[rn]? inhalt\w* (?:von|angezeigt|anzeigen|laden).*|an dieser stelle (?:finden|befindet) sie?.{0,60}inhalt.*|damit (?:können|werden) personenbezogene daten.*|(?:mit (?:dem )?(?:klick|aktivierung)|durch (?:das )?(?:klicken|anklicken)).{0,90}(?:datenschutz\w*|einverstanden|zu).*|hinweis: .{0,40}(?:datenschutz\w*).*|.{0,40}datenschutz(?:erklärung|einstellungen|hinweise).{0,60}",
    "en": r"(?:we|this (?:site|website)|our (?:site|website)|the (?:site|website)) (?:and our partners )?uses? .{0,30}cookies.*|(?:accept|manage|reject) (?:all )?(?:cookies|your (?:cookie )?preferences).*|by (?:clicking|continuing|using|subscribing|signing|submitting|registering|entering|proceeding|providing).{0,60}(?:you|your).{0,20}(?:agree|accept|consent|acknowledge|confirm).*|(?:please )?(?:allow|enable|accept) (?:cookies|javascript).*|(?:your|privacy|cookie) (?:cookie |privacy )?(?:settings|preferences|policy|notice|choices).{0,60}|this (?:content|video|embed|article|post|tweet).{0,40}(?:not available|cookies|consent|could not be loaded|provided by).*|(?:you can|to) (?:opt out|unsubscribe|change your).*|see (?:our|the) (?:privacy|cookie|terms).*|terms (?:of (?:use|service)|and conditions)(?: apply)?.{0,40}|.{0,30}recaptcha.*|your (?:email|information|data|personal information) (?:will|is|may) .{0,60}|for more (?:information|details).{0,40}(?:privacy|cookie|terms).*",
    "es": r"(?:utilizamos|usamos|esta web utiliza|este sitio (?:web )?(?:usa|utiliza)|nosotros y nuestros socios).{0,40}cookies.*|al (?:continuar|navegar|suscribirte|registrarte|hacer clic).{0,60}(?:aceptas?|cookies|términos|condiciones|privacidad).*|(?:política|aviso) de (?:privacidad|cookies).{0,40}|(?:aceptar|configurar|gestionar) (?:las )?cookies.*",
    "fr": r"(?:nous (?:et nos partenaires )?utilisons|ce site utilise|notre site utilise).{0,40}cookies.*|en (?:poursuivant|continuant|cliquant|vous inscrivant|naviguant|acceptant).{0,80}(?:accepte[zr]|acceptez|cookies|conditions|consente[zr]|reconnaissez).*|(?:accepter|gérer|refuser|paramétrer) (?:les |mes |vos |tous les )?cookies.*|.{0,60}(?:contenu|vidéo).{0,30}(?:bloqué|cookies).*|politique de confidentialité.{0,40}",
    "it": r"(?:questo sito|il sito|utilizziamo|usiamo|noi e i nostri partner).{0,40}cookie.*|(?:proseguendo|continuando|cliccando|iscrivendoti).{0,60}(?:accett\w+|cookie|consent\w+|privacy).*|accetta (?:tutti|i cookie).*|informativa (?:sulla )?privacy.{0,40}",
    "ja": r".{0,30}(?:cookie|クッキー).{0,40}(?:使用|利用|同意).{0,40}|.{0,20}プライバシーポリシー.{0,30}|.{0,20}利用規約.{0,20}",
    "nl": r"(?:wij|we|deze (?:website|site)|onze site) (?:en onze partners )?(?:gebruiken|gebruikt|maken gebruik van|maakt gebruik van|plaatsen).{0,30}cookies.*|.{0,60}(?:cookies|privacy-?instellingen) (?:accepteren|aanpassen|nodig).*|door (?:te klikken|verder te).{0,60}(?:akkoord|cookies).*",
    "pl": r"(?:nasza strona|ta strona|strona|serwis|witryna|używamy|korzystamy).{0,40}(?:cookies|ciasteczek).*|(?:kontynuując|korzystając|klikając|zapisując się).{0,80}(?:zgod\w+|akcept\w+|regulamin\w*).*|polityka prywatności.{0,40}",
    "pt": r"(?:este site|nosso site|utilizamos|usamos|nós e os nossos parceiros).{0,40}cookies.*|ao (?:continuar|navegar|clicar|se inscrever|subscrever).{0,60}(?:concord\w+|aceit\w+|cookies|termos|política).*|política de (?:privacidade|cookies).{0,40}|aceitar (?:todos os )?cookies.*",
    "ru": r"(?:мы используем|сайт использует|на сайте используются|этот сайт).{0,40}(?:cookie\w*|куки).*|(?:продолжая|нажимая|оставаясь|используя|отправляя|регистрируясь).{0,80}(?:соглаша\w+|соглас\w+|принима\w+|cookie).*|политика (?:конфиденциальности|обработки).{0,40}|пользовательское соглашение",
    "sv": r"(?:vi|webbplatsen|den här (?:sidan|webbplatsen)) använder.{0,30}(?:cookies|kakor).*|genom att (?:fortsätta|klicka|prenumerera).{0,60}(?:godkänner|accepterar|samtycker).*|(?:godkänn|acceptera) (?:alla )?(?:cookies|kakor).*",
    "tr": r"(?:sitemizde|bu (?:site|web sitesi)|web sitemiz).{0,40}çerez.*|çerez(?:ler| politika\w*).{0,60}|.{0,60}(?:kvkk|gizlilik politikası).{0,40}",
    "uk": r"(?:ми використовуємо|сайт використовує|цей сайт).{0,40}(?:cookie\w*|кукі).*|(?:продовжуючи|натискаючи|залишаючись|користуючись).{0,80}(?:погоджу\w+|згод\w+|приймає\w+|cookie).*|політика (?:конфіденційності|приватності).{0,40}",
    "zh": r"(?:我们|本网站|本網站|我們).{0,12}(?:使用|采用).{0,8}(?:cookie|饼干).{0,30}|.{0,20}(?:隐私政策|隱私政策|隱私權政策|服务条款|服務條款).{0,30}",
}

POINTERS: Final = (
    r"(?:read more (?:about|on|here|at|in|from)|read our (?:full|live|editorial)|see more|lees meer (?:over|in|hier)|lees ook|läs mer (?:om|här)|läs också|les mer om|les også|læs mere om|læs også|lue (?:myös|lisää)|"
    r"lesen sie (?:auch|mehr|hier|dazu|hierzu)|mehr (?:zum thema|dazu)|hier (?:lesen sie|finden sie)|(?:à )?lire (?:aussi|également)|lea también|lee también|leia (?:também|mais)|"
    r"veja também|saiba mais|leggi anche|leggi (?:tutto|di più)|czytaj (?:też|także|również|więcej)|zobacz (?:też|także|również)|przeczytaj (?:też|także|również)|читайте (?:также|ещё|еще|нас)|читайте також|"
    r"дивіться також|смотрите также|čtěte (?:také|více)|přečtěte si|(?:bunu|bunları) da oku\w*|ayrıca okuyun|اقرأ أيض[اًا]+|اقرأ المزيد|baca (?:juga|selengkapnya)|यह भी पढ़ें|ये भी पढ़ें|xem thêm|"
    r"click here (?:to|for)|find out more (?:about|here|at|in)|learn more (?:about|at|here)|also on [\w.]+\s|more from|more on this|for more (?:news|stories|coverage)|watch(?: more)?:|"
    r"相关阅读|延伸閱讀|延伸阅读|关联阅读|関連記事|【関連)\b.{0,140}"
)
"""Pointers without a colon: a verb that only a site says to its reader, and no full sentence after it."""

INBOX: Final = (
    r".{0,120}(?<!\w)(?:your (?:e-?mail )?(?:inbox|mailbox)|بريدك|e-?posta(?:nıza|nızda)|(?:ihr(?:em|en)?|dein(?:em|en)?|votre|ta|tu|tua|sua|seu|je|uw|din|ditt|twoj\w+|swoj\w+|ваш\w*|свою|вашу) "
    r"(?:e-?mail[- ])?(?:inbox|mailbox|postfach|posteingang|bo[iî]te (?:mail|de réception|aux lettres)|bandeja(?: de entrada)?|correo(?: electrónico)?|casella(?: di posta)?|caixa de entrada|"
    r"e-?mail|inkorg|innboks|indbakke|skrzynk\w+|schránk\w+|почт\w+|пошт\w+|электронн\w+ почт\w+|електронн\w+ пошт\w+))(?!\w).{0,80}"
)
"""A letter that comes to the reader: only a site speaks of *your* inbox."""

MEMBERS_ONLY: Final = (
    r"(?:for )?(?:subscribers?|members?)(?:[- ]only| exclusive)(?: (?:content|article|story))?|exclusive (?:to|for) (?:our )?(?:subscribers|members).{0,40}|(?:nur|exklusiv|artikel) für abonnent\w+.{0,30}|"
    r"(?:article |contenu )?(?:réservé|exclusif) (?:aux|pour les|à nos) abonnés.{0,40}|(?:solo|sólo|exclusivo) para suscriptores.{0,40}|(?:solo|riservato) (?:per|agli) (?:gli )?abbonati.{0,40}|"
    r"(?:só|somente|exclusivo) para assinantes.{0,40}|(?:alleen|exclusief) voor (?:abonnees|leden).{0,40}|(?:endast|bara|exklusivt) för (?:prenumeranter|dig som prenumererar).{0,40}|"
    r"(?:kun|bare) for abonnenter.{0,40}|(?:tylko|wyłącznie) dla (?:subskrybentów|prenumeratorów).{0,40}|(?:только|эксклюзивно) для (?:подписчиков|своих).{0,40}|(?:лише|тільки) для (?:передплатників|підписників).{0,40}|"
    r"(?:pouze|jen|exkluzivně) pro předplatitele.{0,40}|(?:sadece|yalnızca) abonelere.{0,40}|للمشتركين فقط.{0,30}|(?:有料)?会員(?:限定|専用).{0,20}|(?:会员|會員|订户)(?:专享|專享|独享|限定).{0,20}|(?:유료 ?)?(?:회원|구독자) ?전용.{0,20}"
)
"""Labels of articles that cost something."""
