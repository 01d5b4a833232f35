"""What sites say to their readers in Slavic languages, Turkish, Greek, Hungarian, Arabic, Japanese and Chinese.

Data only; the notation is explained in ``pipeline.articles.lexicon``.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, dict[str, str]]] = {
    "ru": {
        "call": "подпи*|получайте|скачайте|установите|следите|поделит*|нажмите|читайте|слушайте|смотрите|войдите|войти|зарегистрируйтесь|присылайте|пишите|напишите|звоните|поддержите|станьте|вступайте|голосуйте|приходите|оставьте|оформите|сообщите|присоединяйтесь|включите|ищем|хотите|отписаться|узнайте|выделите|добавьте|задайте|отправьте|продолжая",
        "you": "вы|вас|вам|ваш*|ты|твой",
        "we": "мы|нас|нам|наш*|редакци*",
        "now": "здесь|бесплатно|сейчас|каждый день|каждое утро|ежедневно|по будням|в любой момент|первый месяц|рублей в месяц|первыми|раз в неделю|сегодня",
        "this": "этот материал|этого материала|статьи|материал|текст|на сайте|сайта|этой ссылке|публикации",
        "furniture": "рассылк*|письмо приходит|приложени*|телеграм*|канал*|уведомлени*|подписк*|доступ|аккаунт|парол*|!забыли пароль|cookie*|согласи*|персональных данных|!все права|перепечатка|©|свидетельство|!роскомнадзор*|16|реклам*|!на правах рекламы|!партнерский материал|комисси*|процент|по ссылке|донат*|пожертвован*|журналистик*|комментари*|модератор*|оскорблени*|!читайте также|!подробнее|!по теме|фото|иллюстрация|!мнение редакции|автор|!стали очевидцем|бот|фото и видео|!нашли ошибку|опечатк*|исправлен*|обновлено|минут чтения|время чтения|подкаст*|выпуск*|слушать|переведен*|нейросет*|искусственн*|вакансии|резюме|билет*|встреч*|вход свободный|регистрация|опрос|!политика конфиденциальности|!пользовательское соглашение|точка зрения|поделиться|скопировать ссылку|распечатать|печать",
    },
    "uk": {
        "call": "підпи*|отримуйте|завантажте|встановіть|стежте|поділіт*|поширити|натисніть|читайте|слухайте|дивіться|увійдіть|увійти|зареєструйтеся|надсилайте|пишіть|напишіть|підтримайте|станьте|долучайтеся|приєднуйтеся|голосуйте|приходьте|залиште|оформіть|повідомте|увімкніть|шукаємо|надсилаємо|хочете|дізнайтеся|виділіть|продовжуючи",
        "you": "ви|вас|вам|ваш*",
        "we": "ми|нас|нам|наш*|редакці*",
        "now": "тут|безкоштовно|зараз|щодня|щоранку|щотижня|щосуботи|у будь який момент|першими|на місяць|сьогодні",
        "this": "цей матеріал|цього матеріалу|статті|матеріал|текст|на сайті|публікаці*|цим посиланням",
        "furniture": "розсилк*|добірк*|застосунок|додаток|телеграм*|канал*|сповіщення|підписк*|передплат*|доступ|обліковий|парол*|!забули пароль|cookie*|згод*|персональних даних|!усі права|!всі права|передрук|©|реклам*|!партнерський матеріал|комісі*|посиланням|донат*|внес*|журналістик*|коментар*|модератор*|!читайте також|!нагадаємо|!детальніше|!за темою|фото|ілюстрація|!думка редакції|журналіст*|відділу|стали свідком|фото та відео|!знайшли помилку|помилк*|виправлено|оновлено|хв читання|час читання|подкаст*|випуск*|слухати|перекладено|штучн*|вакансі*|резюме|квит*|зустріч|вхід вільний|реєстрація|опитування|!політика конфіденційності|!правила користування|за фінансової підтримки|не обов язково|поділитися|скопіювати|роздрукувати|facebook",
    },
    "pl": {
        "call": "zapisz się|subskrybuj|pobierz|zainstaluj|obserwuj|śledź|udostępnij|wydrukuj|kliknij|klikając|czytaj|przeczytaj|posłuchaj|słuchaj|obejrzyj|zobacz|zaloguj|zarejestruj|załóż|wyślij|napisz|prześlij|zadzwoń|wesprzyj|wspieraj|wpłać|zostań|dołącz|weź|głosuj|zagłosuj|odpowiedz|przyjdź|kup|wykup|zamów|skomentuj|zaakceptuj|włącz|wybierz|sprawdź|szukamy|zapraszamy|chcesz|dodaj|zgłoś|podziel się|nie przegap|masz|poznaj",
        "you": "ty|ciebie|cię|ci|twój|twoj*|swoj*|państw*|wasz*|was|możesz",
        "we": "my|nas|nam|nasz*|redakcj*",
        "now": "teraz|tutaj|tu|za darmo|bezpłatn*|codziennie|co rano|co tydzień|tylko|miesięcznie|w każdej chwili|online|już|od dziś|pierwszy|zł|dzisiaj",
        "this": "ten artykuł|tego artykułu|artykuł|tekst|ta treść|treści|tej strony|strona|serwis*|materiał|pierwotnej wersji|poprzedniej wersji",
        "furniture": "newsletter*|skrzynk*|aplikacj*|powiadomieni*|kanał*|whatsapp|facebook*|prenumerat*|subskryb*|!dla subskrybentów|dostęp*|konto|hasł*|!nie pamiętasz|cookie*|ciasteczk*|zgod*|zgadzacie|danych osobowych|przetwarzan*|!przejdź do serwisu|!wszelkie prawa|!prawa zastrzeżone|©|przedruk|kopiowanie|reklam*|sponsorowan*|!materiał partnera|!linki partnerskie|prowizj*|linki|darowizn*|wsparci*|dziennikarstw*|komentarz*|regulamin*|moderac*|!czytaj też|!czytaj także|!zobacz też|!polecamy|!więcej na|fot|oprac|źródło|dziennikar*|redaktor*|autor*|kontakt|anonimow*|świadkiem|zdjęcia|błąd|literówk*|sprostowanie|zaktualizowan*|poprawion*|czas czytania|min|minut|opublikowan*|podcast*|odcin*|posłuchaj|przetłumaczon*|automatyczn*|nieścisłości|sztuczn*|praca|cv|staż|pracy|bilet*|wstęp wolny|spotkanie|sonda|ankiet*|quiz|głosowani*|!polityka prywatności|!nie odzwierciedla|redaktor naczelny|udostępnij|drukuj|kopiuj link|skopiuj",
    },
    "cs": {
        "call": "přihlaste*|přihlásit*|odebírejte|stáhněte|sledujte|sdílejte|sdílet|vytisknout|klikněte|čtěte|přečtěte|poslechněte|podívejte|registrujte|zaregistrujte|vytvořte|pošlete|napište|volejte|podpořte|přispějte|staňte|připojte|hlasujte|odpovězte|přijďte|kupte|objednejte|předplaťte|komentujte|povolte|souhlasím|zapněte|vyberte|hledáme|zveme|chcete|přidejte|nahlaste|nenechte|máte|získejte|dejte|zjistěte",
        "you": "vy|vás|vám|váš|vaš*|ty|tě|tvůj|tvoje|můžete",
        "we": "my|nás|nám|náš|naš*|redakc*|můžeme",
        "now": "teď|zde|tady|zdarma|denně|každý den|každé ráno|každý týden|jen|pouze|měsíčně|kdykoli|online|kč|ihned|dnes",
        "this": "tento článek|článek|celý článek|článku|tento obsah|tento text|text|textu|této stránce|stránky|webu|původní verzi|předchozí verzi",
        "furniture": "newsletter*|e mail*|schránk*|aplikac*|upozornění|notifikac*|kanál*|whatsapp*|facebook*|předplatn*|předplatitel*|přístup*|odemk*|účet|hesl*|!zapomněli jste|cookie*|souhlas*|osobních údajů|marketingu|zpracováním|!všechna práva|!práva vyhrazena|©|přetiskování|reklam*|inzer*|sponzor*|!komerční sdělení|!pokračuje pod|proviz*|odkazy|nákupů|dar|darujte|příspěv*|žurnalistik*|nezávisl*|komentář*|diskus*|diskuz*|pravidla|!čtěte také|!čtěte i|!více o|!související|!mohlo by vás|foto|zdroj|redaktor*|autor*|novinář*|kontakt|anonymn*|svědk*|fotky|!našli jste|chyb*|oprava|opraven*|aktualizován*|doba čtení|min|minut|publikován*|podcast*|epizod*|poslechnout|přeložen*|strojov*|uměl* inteligence|práce|životopis|stáž|vstup*|lístky|setkání|beseda|anketa|kvíz|hlasování|!ochrana osobních|!podmínky užití|!nemusí odpovídat|šéfredaktor*|vydavatel*|tisk|kopírovat odkaz",
    },
    "tr": {
        "call": "abone ol*|kaydol*|indirin|indir|takip edin|takip et|paylaş*|yazdır|tıkla*|okuyun|dinle*|izle*|giriş yap*|girişi yap|üye ol*|oluştur*|gönderin|yazın|arayın|destek ol*|bağış yap*|katıl*|oy ver*|oy kullan*|gelin|satın al*|yorum yap*|kabul et*|açın|seçin|arıyoruz|bekliyoruz|kaçırma*|ulaşın|bildirin|ekleyin|başvur*|keşfet*|bize",
        "you": "siz|sizin|sizi|sen|senin|size|misiniz|musunuz|mısınız|nız",
        "we": "biz|bizim|bizi|bize|ekibimize|sitemiz*|uygulamamız*|kanalımız*|bültenimiz*|gazetemiz*|hattımız|redaksiyon*",
        "now": "şimdi|hemen|buradan|burada|ücretsiz|her gün|her sabah|her hafta|sadece|yalnızca|aylık|istediğiniz zaman|ilk|anında|bugün|tl",
        "this": "bu haber*|haberin|bu içerik|bu yazı*|yazıdaki|bu sayfa|sitede|bu site|bu makale|haberi|yazının",
        "furniture": "bülten*|e posta*|uygulama*|bildirim*|kanal*|whatsapp|telegram|abone*|abonelik|premium|erişim*|hesab*|şifre*|!şifremi unuttum|üye|çerez*|kvkk|onay*|kişisel veri*|!tüm hakları|telif*|©|izinsiz|alıntılanamaz|reklam*|ilan|sponsorlu|iş birliği|komisyon|bağlantı*|alışveriş*|destek*|bağış*|bağımsız|gazetecilik*|yorum*|hakaret|!ilginizi çekebilir|!ilgili haber|!ayrıca okuyun|foto*|kaynak|muhabir*|editör*|yazar*|ihbar*|iletişim|görüntü*|!hata bildir|düzelt*|güncelle*|okuma süresi|dakika*|yayın*|podcast*|bölüm*|sesli|çeviri*|yapay zeka*|çevrilmiş*|iş ilan*|özgeçmiş|deneyimli|bilet*|etkinlik|anket*|!gizlilik politika*|!kullanım koşul*|!yansıtmaz|basın meslek|künye",
    },
    "el": {
        "call": "εγγραφ*|εγγραφείτε|γίνετε|κατεβάστε|ακολουθήστε|μοιραστείτε|εκτύπωση|πατήστε|διαβάστε|ακούστε|δείτε|συνδεθείτε|σύνδεση|δημιουργήστε|στείλτε|γράψτε|καλέστε|στηρίξτε|μπείτε|ψηφίστε|ελάτε|αγοράστε|σχολιάστε|αποδοχή|απόρριψη|επιλέξτε|αναζητούμε|ζητούμε|κοινοποίηση|κάντε|λάβετε|μάθετε|βρείτε|επικοινωνήστε|θέλετε|εγκαταστήστε|αφήστε|μη χάσετε|ενεργοποιήστε",
        "you": "σας|εσείς|σου|εσύ|σε σας",
        "we": "μας|εμείς|εμάς",
        "now": "τώρα|εδώ|δωρεάν|κάθε μέρα|κάθε πρωί|καθημερινά|κάθε εβδομάδα|μόνο|τον μήνα|μήνα|οποτεδήποτε|πρώτοι|σήμερα|ευρώ",
        "this": "το άρθρο|αυτό το άρθρο|του άρθρου|περιεχόμενο|η σελίδα|κείμενο|ιστοσελίδα|το βίντεο",
        "furniture": "newsletter*|email|e mail|ενημερωτικό|εφαρμογή*|android|ios|ειδοποι*|κανάλι|viber|facebook|google news|συνδρομ*|πρόσβαση|λογαριασμ*|κωδικ*|cookies|συγκατάθεση|προσωπικ* δεδομέν*|!πνευματικ*|!με επιφύλαξη|©|αναδημοσίευση|διαφήμιση*|διαφημιστ*|!χορηγούμενο|προμήθεια|συνδέσμ*|δωρεά|στήριξ*|δημοσιογραφία*|ανεξάρτητ*|σχόλια|σχόλιο|υβριστικά|!διαβάστε επίσης|!δείτε επίσης|!διαβάστε ακόμη|!σχετικά|φωτογραφ*|φωτό|πηγή|ρεπορτάζ|δημοσιογράφος|συντάκτ*|επικοινωνία|ανώνυμα|λάθος|διόρθωση|ενημερώθηκε|ανανεώθηκε|χρόνος ανάγνωσης|λεπτά|δημοσιεύτηκε|podcast*|επεισόδι*|ακούστε|μετάφραση|τεχνητή*|θέση εργασίας|βιογραφικό|εισιτήρι*|είσοδος|εκδήλωση|ψηφοφορία|δημοσκόπηση|κουίζ|!όροι χρήσης|!πολιτική απορρήτου|ταυτότητα|αντιγραφή",
    },
    "hu": {
        "call": "iratkozz*|feliratkoz*|töltse*|töltsd*|kövess*|oszd meg|ossza meg|megosztás|nyomtatás|kattints*|olvass*|hallgass*|nézze|nézd|jelentkez*|bejelentkez*|regisztrál*|regisztráció|küld*|írjon|írj|hívj*|támogass*|csatlakoz*|szavaz*|jöjjön|gyere|vásárol*|rendel*|fizess*|szólj hozzá|fogadja|válassz*|próbálj*|keresünk|várjuk|jelezze|legyen|ne maradj*|adja|tegye|kapcsolja|ismerje",
        "you": "ön|önök|ont|te|téged|neked|önnek",
        "we": "mi|minket|nekünk|olvasóink*|weboldalunk|alkalmazás*|csapatunk*|szerkesztőség*|oldalunk*|hírlevelünk*|csatornánk*|előfizetőink",
        "now": "most|itt|ingyen*|ma|minden nap|naponta|minden reggel|hetente|csak|havi|havonta|bármikor|online|elsőként|ft|forint",
        "this": "a cikk|cikkben|cikket|ez a cikk|oldal|tartalom|a cikk folytatása|weboldal*|szöveg|korábbi verzió*",
        "furniture": "hírlev*|e mail*|alkalmazás*|értesítés*|csatorn*|viber|facebook*|előfizet*|hozzáférés*|fiók*|jelszó*|süti*|cookie*|hozzájárul*|adatkezelés*|személyes adat*|!minden jog|©|szerzői jog*|hirdetés*|reklám*|szponzor*|támogatott|jutalék*|linkek*|vásárlás*|támogat*|adomány*|1 |független*|újságírás*|komment*|hozzászól*|moderál*|trágár|!olvassa el|!kapcsolódó|!ez is érdekelheti|fotó|kép|forrás|borítókép|szerző*|újságíró*|szerkesztő*|docens*|elérhetőség|hiba|hibát|javít*|frissít*|olvasási idő|perc|megjelent|podcast*|epizód*|adás*|fordít*|mesterséges intelligencia|gyakornok*|állás*|önéletrajz*|jegy*|belépés*|esemény*|rendezvény*|szavazás*|kvíz|felmérés*|!impresszum|médiaajánlat|!felhasználási feltétel*|!adatvédelmi|nem feltétlenül",
    },
    "ar": {
        "call": "اشترك|اشتركوا|سجل|سجلوا|حمل|حملوا|حمّل|تابعونا|تابعنا|تابعوا|شارك|شاركوا|شاركنا|اضغط|انقر|اقرأ|استمع|شاهد|انضم|ادعم|ساهم|تبرع|أرسل|أرسلوا|راسلونا|اكتب|تواصل|صوت|احجز|ندعوكم|للاطلاع|لمتابعة|لإرسال|احصل|فعّل|نبحث|للاشتراك|أضف|تصفح|للإبلاغ|طباعة|مطلوب|للتواصل",
        "you": "بريدك|رأيك|لديك|هاتفك|أنت|كنت|بياناتك|حسابك",
        "we": "تطبيقنا|قناتنا|نشرتنا|موقعنا|معنا|صحيفتنا|مجموعتنا|لدينا|عملنا|محررينا|إلينا",
        "now": "الآن|هنا|مجان|يوميا|كل يوم|كل صباح|أسبوعيا|فقط|شهريا|شهر|أولا بأول|أي وقت",
        "this": "هذا المحتوى|هذا المقال|هذه المادة|هذا الخبر|الموقع|هذه الصفحة|المقال|نسخة سابقة|هذه المقالة",
        "furniture": "النشرة|البريدية|البريد الإلكتروني|تطبيق|إشعارات|واتساب|تلغرام|تليغرام|فيسبوك|!للمشتركين|اشتراك|حساب|كلمة المرور|!نسيت كلمة|ملفات تعريف|الارتباط|الخصوصية|موافق|!الحقوق محفوظة|حقوق النشر|©|إعلان|برعاية|ممول|عمولة|روابط|تبرع|مستقلة|صحافة|تعليقات|تعليق|!اقرأ أيضا|!اقرأ أيضاً|!مواضيع ذات|!المزيد|!ذات صلة|تصوير|وكالات|المصدر|كاتب|صحافي|صحفي|مراسل|للتحرير|الصور والمقاطع|!خطأ|تصحيح|تحديث|مدة القراءة|دقائق|نشر في|بودكاست|حلقة|ترجم|الذكاء الاصطناعي|وظائف|وظيفة|السيرة الذاتية|الدخول مجاني|لقاء مفتوح|تذاكر|استطلاع|!شروط الاستخدام|!سياسة الخصوصية|لا تعبر|بالضرورة|نسخ الرابط",
    },
    "ja": {
        "call": "登録|購読|ダウンロード|フォロー|シェア|クリック|ログイン|お申し込み|お寄せ|ご覧|お読み|ください|こちら|募集|投票|お聴き|視聴",
        "you": "あなた|お客様|皆様|みなさん|ご自身",
        "we": "当社|当サイト|本サイト|本紙|編集部|弊社|当編集部|本社",
        "now": "無料|毎朝|毎日|毎週|今すぐ|いつでも|限定|月額|初月|残り",
        "this": "この記事|本記事|記事内|当記事|このページ|この連載|この動画|このコンテンツ",
        "furniture": "メルマガ|メールマガジン|ニュースレター|アプリ|通知|チャンネル|公式|!有料会員|!会員限定|有料|会員|文字|パスワード|アカウント|クッキー|cookie|同意|プライバシー|!無断転載|転載|著作権|©|広告|!スポンサー|提供|!pr|リンクから購入|購入|売り上げ|還元|アフィリエイト|寄付|応援|コメント|!関連記事|!あわせて読みたい|!続きを読む|写真|撮影|記者|入社|を経て現職|情報提供|訂正|修正|誤り|更新|分で読|公開|ポッドキャスト|音声|配信中|翻訳|!ai|人工知能|採用|採用情報|チケット|参加費|申し込み|アンケート|!利用規約|!プライバシーポリシー|個人情報保護方針|見解|お問い合わせ|印刷|コピー",
    },
    "zh": {
        "call": "订阅|訂閱|关注|下载|點擊|点击|扫码|扫描|分享|登录|登錄|注册|加入|欢迎|请|投票|报名|购买|转发|收听|参与|发表|联系|投稿|支持我们|长按|打开|诚聘|添加",
        "you": "您|你的|读者",
        "we": "本报|本站|本网|我们|本台|本刊|编辑部|本公众号",
        "now": "免费|每天|每日|每周|立即|即可|现在|限时|先到先得|随时|第一时间|元",
        "this": "本文|全文|此文|本网站|本页|该内容|文中|本视频|此内容",
        "furniture": "邮件|简报|客户端|app|推送|公众号|频道|微信|微博|电报|会员|付费|试读|账号|密码|cookie|隐私|同意|!版权所有|!未经授权|转载|©|广告|赞助|推广|佣金|链接购买|捐|打赏|支持|评论|!网友评论|立场|!相关阅读|!推荐阅读|!延伸阅读|图片来源|摄影|图|记者|作者|编辑|责编|爆料|线索|热线|更正|勘误|错误|更新|阅读时长|分钟|发布时间|播客|收听|节目|翻译|机器翻译|人工智能|仅供参考|招聘|简历|门票|名额有限|见面会|活动|调查|投票|!隐私政策|!服务条款|观点|不代表|!与本站|打印|复制链接|收藏",
    },
}
