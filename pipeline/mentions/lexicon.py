"""Words that show what kind of thing a name stands for: titles before people, what companies do, where places are.

Sorted tables in the languages of the news that we read, folded; a word counts in every language, because its neighbours
are a name that is already in doubt. Written for this project.
"""

from __future__ import annotations

from typing import Final

from pipeline.mentions.fold import fold
from pipeline.model import Kind


def _folded(*lines: str) -> frozenset[str]:
    return frozenset(fold(word) for line in lines for word in line.split())


TITLES: Final = _folded(
    # en de fr es it pt nl
    "mr mrs ms miss dr sir lord lady dame prof professor president vice premier minister prime chancellor secretary senator sen "
    "representative rep"
    "congressman congresswoman governor gov mayor judge justice chief captain general gen colonel col major lieutenant lt sergeant "
    "sgt admiral king"
    "queen prince princess pope bishop cardinal archbishop rabbi sheikh imam ayatollah coach manager director chairman chairwoman "
    "ceo cfo founder"
    "author actor actress singer striker defender midfielder goalkeeper quarterback pitcher officer spokesman spokeswoman "
    "spokesperson leader boss"
    "tycoon businessman oligarch warlord billionaire mp msp mep counsel attorney lawyer commissioner ambassador envoy adviser "
    "advisor analyst",
    "herr frau bundeskanzler bundeskanzlerin kanzler kanzlerin praesident präsident präsidentin ministerpräsident minister "
    "ministerin bürgermeister"
    "bürgermeisterin general oberst papst könig königin prinz trainer chef sprecher sprecherin professorin doktor "
    "premierministerin premierminister",
    "m mme monsieur madame président présidente ministre maire général roi reine prince pape professeur docteur juge entraîneur "
    "directeur patron",
    "señor señora sr sra presidente presidenta ministro ministra alcalde alcaldesa rey reina príncipe papa juez entrenador doctor don doña",
    "signor signora sindaco ministro presidente re regina papa allenatore onorevole senhor senhora prefeito",
    # pl cs sl bg ru uk
    "pan pani prezydent premier minister ministra prezes burmistrz trener generał król papież poseł senator rzecznik ksiądz",
    "prezident prezidentka ministr ministryně primátor starosta trenér generál král papež poslanec senátor mluvčí paní",
    "predsednik predsednica minister ministrica župan trener",
    "президент президентка премьер министр мэр глава канцлер губернатор депутат сенатор генерал полковник король папа тренер "
    "директор господин госпожа"
    "президентът премиерът министърът кмет председател госпожа г-н премиер министър канцлерът",
    "прем'єр міністр мер голова губернатор генерал тренер пан пані речник міністерка",
)
"""Words that stand before a person's name."""

HONORIFICS: Final = _folded(
    "mr mrs ms miss herr frau m mme monsieur madame señor señora signor signora senhor senhora pan pani paní pana panu панові пан пані "
    "господин госпожа господина meneer mevrouw"
)
"""Titles that only a person has; a company may have a president or a chief before its name."""

_ORGANISATION: Final = _folded(
    "company group firm corporation corp inc shares stock profit revenue earnings sales customers ceo chief executive investors "
    "shareholders"
    "subsidiary brand maker giant retailer bank lender airline carrier operator supplier plant factory store stores unit staff "
    "employees workers"
    "headquarters spokesman spokeswoman quarter quarterly dividend merger takeover acquisition bid deal contract lawsuit regulators market "
    "fighters mercenaries mercenary militia contractors troops forces pmc paramilitary club team league department agency services "
    "products launch launched"
    "app phones phone cars vehicles model models users platform network flights flight aircraft passengers pilots cards card "
    "payments merchants"
    "percent cent brokers investor stake oil gas drilling barrel barrels platform pipeline refinery fuel petrol stations petroleum "
    "crude telecom broadband subscribers fibre mobile",
    "unternehmen konzern firma gruppe aktie aktien gewinn umsatz kunden aktionäre vorstand vorstandschef tochter hersteller bank "
    "fluggesellschaft anbieter"
    "werk fabrik filiale mitarbeiter beschäftigte söldner kämpfer truppe quartal börse übernahme handy mobilfunk öl gas autos "
    "elektroauto autobauer karten zahlungen",
    "entreprise groupe société action actions bénéfice chiffre clients actionnaires filiale fabricant banque compagnie opérateur "
    "usine salariés mercenaires"
    "milice bourse rachat marque constructeur voitures pétrolier pétrole fibre abonnés carte cartes paiements magasins",
    "empresa grupo compañía firma acciones beneficio ventas clientes accionistas filial fabricante banco entidad aerolínea "
    "operador operadora fábrica"
    "empleados mercenarios bolsa compra marca coches petrolera petróleo fibra tarjetas tarjeta pagos tiendas",
    "azienda gruppo società azioni utile ricavi clienti azionisti banca compagnia operatore fabbrica dipendenti mercenari borsa marchio",
    "firma firmy spółka spółki koncern grupa grupy akcje zysk klienci klientów akcjonariusze bank banku linie operator operatora "
    "fabryka pracownicy najemnicy najemników sklep sklepy marka",
    "společnost společnosti firma skupina skupiny akcie zisk zákazníci akcionáři banka aerolinky operátor továrna zaměstnanci "
    "žoldnéři žoldnéřů automobilka",
    "компания компании компанией группа группы группой акции прибыль выручка клиенты банк банка оператор завод сотрудники чвк "
    "наемники наемников наемник"
    "бойцы бойцов боец биржа корпорация концерн бренд производитель авиакомпания нефть газ",
    "компанія компанії група групи акції прибуток банк оператор завод працівники пвк найманці найманців бойовики бойовиків бійці "
    "авіакомпанія",
    "фирма дружеството компанията банката печалба акциите наемници частна военна",
    "branche beliefert vertreibt zulieferer produziert handymarken reederei hilfsorganisation organisation naviera armateur rederij "
    "bedrijf concern onderneming vervoerder organizacja organizacji organizace организация организации організація організації",
    "şirket şirketi şirketinin şirketin holding grubu bankası bankasının kuruluşu örgütü derneği vakfı hisseleri hisse üretici "
    "شركة مجموعة بنك مصرف منظمة مؤسسة",
)
_PLACE: Final = _folded(
    "city town capital country kingdom airport mayor streets suburb suburbs residents downtown embassy border region province "
    "state county river north south"
    "east west metro tourists visitors government ambassador refugees resort population stadt hauptstadt land königreich flughafen "
    "bürgermeister einwohner"
    "botschaft grenze ville capitale pays royaume aéroport maire habitants ambassade frontière banlieue ciudad capital país reino "
    "aeropuerto alcalde vecinos"
    "embajada frontera città capitale paese regno aeroporto miasto stolica kraj królestwo lotnisko mieszkańcy granica město hlavní "
    "země království letiště"
    "obyvatelé hranice город столица страна королевство аэропорт мэр жители посольство граница улицы місто столиця країна "
    "королівство аеропорт жителі град столицата",
)
CUES: Final = {Kind.ORGANIZATION: _ORGANISATION, Kind.PLACE: _PLACE, Kind.PERSON: TITLES}
"""Words near a name that speak for a kind."""

BODIES: Final = _folded(
    "foundation charity fund union federation association party regiment battalion brigade unit ministry agency institute council",
    "stiftung verein verband gewerkschaft partei regiment bataillon einheit fondation association syndicat parti régiment bataillon",
    "fundación asociación sindicato partido regimiento batallón fondazione associazione sindacato partito battaglione fundação partido",
    "stichting vereniging vakbond partij fundacja fundacji stowarzyszenie związek partia partii pułk batalion nadace sdružení strana pluk",
    "фонд фонда фонде союз партия партии партию полк полка батальон бригада отряд фонду спілка партія партії партію загін батальйон",
    "vakıf vakfı derneği sendika partisi alayı taburu حزب مؤسسة جمعية فوج كتيبة حركة",
)
"""What a body is called right beside its name; elsewhere in a sentence these words say little."""

ORGANISED: Final = ("公司", "集团", "集團", "银行", "銀行", "组织", "組織", "会社", "グループ")
"""What ends a Chinese or Japanese clause that says what kind of body the name behind it is."""

NATIONS: Final = tuple(
    fold(word)
    for word in (
        "estadounidense norteamerican aleman frances britanic italian chin japones corean coreano suec suiz holandes danes ruso rusa "
        "statunitens american tedesc frances britannic cines giappones svedes svizzer olandes "
        "américain allemand britannique chinois japonais coréen suédois suisse néerlandais italien espagnol russe alemã britânic chines"
    ).split()
)
"""Beginnings of nationalities in Spanish, Italian, French and Portuguese."""

IN_PLACE: Final = _folded(
    "in at near to from around outside across through into inside downtown greater central visit visited leaving reached toward "
    "towards nach aus bei"
    "à au aux en de vers depuis chez dans a desde hasta hacia cerca w we do z ze pod v ve do z ze u k ke в во из у на под к до від "
    "з із у в до по",
)
"""Words right before a place."""

SPEECH: Final = _folded(
    "said says told added asked replied announced warned argued insisted claimed wrote tweeted thinks believes sagte sagt erklärte "
    "betonte meinte dit déclaré"
    "affirmé expliqué dijo afirmó declaró añadió ha detto disse powiedział powiedziała dodał řekl řekla uvedl uvedla сказал "
    "сказала заявил заявила сообщил"
    "добавил рассказал отметил каза заяви съобщи сказав заявив повідомив додав",
)
"""Verbs of people speaking; companies and ministries speak too, rivers and months do not."""

GENERIC: Final = _folded(
    "group company bank airlines airways motors gruppe konzern bank groupe banque grupo banco gruppo banca grupa skupina bank "
    "banka группа компания банк група компанія"
)
"""Nouns with which a company's short name becomes its long one."""

ACTS: Final = _folded(
    "will plans planned wants agreed agrees raises raised cuts cut sells sold buys bought reported reports posted posts fell "
    "rose gained lost "
    "jumped slid climbed dropped added shut shuts closes closed employs launches launched unveils unveiled opens opened hires "
    "hired owns owned "
    "operates runs makes sued pays paid offers offered expects expected recalls recalled declined refused acquired invests to",
    "will plant kauft verkauft senkt erhöht meldet streicht baut legt steigert übernimmt wehrt zahlt liefert fliegt muss darf",
    "va veut annonce vend rachète supprime lance renonce investit ouvre ferme paie doit peut",
    "quiere anuncia vende compra lanza abre cierra renueva paga estrena invierte aportará volará debe",
    "vuole annuncia vende compra lancia apre chiude paga deve chce ogłasza sprzedaje kupuje otwiera zamyka płaci musi "
    "prodává kupuje otevírá zavírá musí продает купит открывает закрывает планирует намерена заплатит сократит",
)
"""What companies do right behind their name; months, fruits and rivers do less of it."""

NAME_GOES_ON: Final = _folded(
    "university college school street avenue road square bridge park hall hospital airport station stadium center centre institute "
    "foundation museum prize award"
    "times post herald tribune county island islands river lake sea bay mountain mountains valley beach ice house building tower "
    "court theatre theater church"
    "cathedral law act rule doctrine plan peace space arts art festival cup trophy open day gas oil",
)
"""A word with a capital that turns a name before it into the name of something else."""

AND: Final = _folded("and or und oder et ou y o e ed i oraz lub a nebo и или і й або та en och og")
"""Words that link two of a kind; ``vs`` does not."""

ARTICLES: Final = _folded("the a an this that these its our their his her my your each every any some no same new")
"""English words before a noun that is no name by itself."""

EPONYMOUS: Final = _folded(
    "laureate laureates prize disease syndrome theorem effect equation scale laureat lauréat laureato лауреат лауреата лауреатом"
)
"""Words that, right behind a name and in lower case, speak of what was named after the bearer: Nobel laureate."""


_STEMS: Final = frozenset(title[: max(5, len(title) - 1)] for title in TITLES if len(title) > 5)


def is_title(plain: str) -> bool:
    """Whether a folded word is a title, inflected or not: premiérky, президента."""
    return plain in TITLES or (len(plain) > 5 and any(plain[:cut] in _STEMS for cut in range(max(5, len(plain) - 4), len(plain))))
