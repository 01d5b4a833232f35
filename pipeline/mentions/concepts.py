"""What an author's context word is called in the other languages of the news: mercenary, Söldner, mercenaire, наемник.

One line for each concept, in the order en de fr es it pt nl pl cs ru uk bg, as many as differ in writing. Inflection is the
matcher's business. Written for this project; words that are another,
common word in a second language (French but, Polish las) are left out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from pipeline.mentions.fold import fold

_CONCEPTS: Final = """
mercenary, Söldner, mercenaire, mercenario, mercenário, huurling, najemnik, žoldnéř, наемник, найманець
militia, Miliz, milice, milicia, milizia, milícia, militie, milicja, milice, ополчение, ополчення
soldier, Soldat, soldat, soldado, soldato, żołnierz, voják, солдат, военнослужащий, військовий, войник
fighter, Kämpfer, combattant, combatiente, combattente, bojownik, bojovník, боец, боевик, боєць, боєц
war, Krieg, guerre, guerra, oorlog, wojna, válka, война, війна
coup, Putsch, putsch, golpe de Estado, colpo di stato, zamach stanu, převrat, переворот, преврат
mutiny, Meuterei, mutinerie, motín, ammutinamento, vzpoura, мятеж, заколот, бунт
weapon, Waffe, arme, arma, wapen, broń, zbraň, оружие, зброя, оръжие
sanctions, Sanktionen, sanctions, sanciones, sanzioni, sanções, sankcje, sankce, санкции, санкції
president, Präsident, président, presidente, prezydent, prezident, президент
prime minister, Premierminister, premier ministre, primer ministro, primo ministro, primeiro-ministro, premier, premiér,
  премьер-министр, прем'єр-міністр, министър-председател
minister, Ministerin, ministre, ministro, ministra, ministr, министр, міністр, министър
ministry, Ministerium, ministère, ministerio, ministero, ministério, ministerstwo, ministerstvo, министерство, міністерство
government, Regierung, gouvernement, gobierno, governo, regering, rząd, vláda, правительство, уряд, правителство
parliament, Parlament, parlement, parlamento, parlament, парламент
senator, sénateur, senador, senatore, senátor, сенатор
governor, Gouverneur, gouverneur, gobernador, governatore, governador, gubernator, guvernér, губернатор
mayor, Bürgermeister, maire, alcalde, sindaco, prefeito, burgemeester, burmistrz, starosta, мэр, мер, кмет
chancellor, Kanzler, chancelier, canciller, cancelliere, kanclerz, kancléř, канцлер
politician, Politiker, politicien, político, politico, polityk, politik, политик, політик
party, Partei, parti, partido, partito, partij, partia, strana, партия, партія
coalition, Koalition, coalición, coalizione, coligação, koalicja, koalice, коалиция, коаліція
election, Wahl, élection, elección, elezione, eleição, verkiezing, wybory, volby, выборы, вибори, избори
health, Gesundheit, santé, salud, sanità, saúde, zdrowie, zdravotnictví, здравоохранение, охорони здоров'я, здравеопазване
hospital, Krankenhaus, hôpital, ospedale, ziekenhuis, szpital, nemocnice, больница, лікарня, болница
court, Gericht, tribunal, tribunale, rechtbank, sąd, суд, съд
prosecutor, Staatsanwalt, procureur, procuratore, prokurator, státní zástupce, прокурор
police, Polizei, policía, polizia, polícia, politie, policja, policie, полиция, поліція
prison, Gefängnis, cárcel, prigione, prisão, gevangenis, więzienie, vězení, тюрьма, в'язниця, затвор
pope, Papst, pape, papa, paus, papież, papież, papež, папа, папата
prophet, Prophet, prophète, profeta, profeet, prorok, пророк, пророка
prince, Prinz, príncipe, principe, prins, książę, princ, принц
princess, Prinzessin, princesse, princesa, principessa, prinses, księżna, princezna, принцесса, принцеса
emperor, Kaiser, empereur, emperador, imperatore, keizer, cesarz, císař, император, імператор
cardinal, Kardinal, cardenal, cardinale, kardinaal, kardynał, kardinál, кардинал
saint, Sankt, santo, święty, svatý, святой, святий, свети
patriarch, Patriarch, patriarche, patriarca, patriarcha, патриарх, патріарх
king, König, koning, król, král, король, крал
queen, Königin, reine, reina, regina, rainha, koningin, królowa, královna, королева, кралица
kingdom, Königreich, royaume, reino, regno, koninkrijk, królestwo, království, королевство, королівство, кралство
capital, Hauptstadt, capitale, hoofdstad, stolica, hlavní město, столица, столиця
city, Stadt, ville, ciudad, città, cidade, stad, miasto, město, город, місто, град
airport, Flughafen, aéroport, aeropuerto, aeroporto, luchthaven, lotnisko, letiště, аэропорт, аеропорт, летище
tourism, Tourismus, tourisme, turismo, toerisme, turystyka, turismus, туризм
border, Grenze, frontière, frontera, frontiera, fronteira, grens, granica, hranice, граница, кордон
river, Fluss, fleuve, río, fiume, rivier, rzeka, řeka, река, річка
forest, Wald, forêt, selva, foresta, floresta, woud, лес, ліс
rainforest, Regenwald, forêt tropicale, selva tropical, foresta pluviale, floresta tropical, regenwoud, las deszczowy, prales,
  тропический лес
deforestation, Abholzung, déforestation, deforestación, deforestazione, desmatamento, ontbossing, wylesianie, odlesňování, вырубка
planet, Planet, planète, planeta, pianeta, planeet, планета
solar, Sonnensystem, solaire, solare, zonnestelsel, słoneczny, sluneční, солнечный, сонячний, слънчев
telescope, Teleskop, télescope, telescopio, teleskop, dalekohled, телескоп
spacecraft, Raumsonde, sonda, ruimtesonde, зонд, космический
orbit, Umlaufbahn, orbite, órbita, orbita, oběžná, орбита, орбіта
astronomer, Astronom, astronome, astrónomo, astronomo, astronom, астроном
company, Unternehmen, entreprise, empresa, azienda, bedrijf, spółka, společnost, компания, компанія, компания
bank, Bank, banque, banco, banca, banka, банк
airline, Fluggesellschaft, compagnie aérienne, aerolínea, compagnia aerea, luchtvaartmaatschappij, linie lotnicze, aerolinky,
  авиакомпания, авіакомпанія
flight, Flug, vuelo, volo, vlucht, рейс, полет
aircraft, Flugzeug, avion, avión, aereo, avião, vliegtuig, samolot, letadlo, самолет, літак
oil, Öl, Erdöl, pétrole, petróleo, petrolio, olie, ropa, нефть, нафта, петрол
refinery, Raffinerie, raffinerie, refinería, raffineria, refinaria, rafineria, rafinérie, нефтепереработка
electric car, Elektroauto, voiture électrique, coche eléctrico, auto elettrica, carro elétrico, samochód elektryczny,
  elektromobil, электромобиль, електромобіль
car, Auto, voiture, coche, carro, samochód, автомобиль, автомобіль, автомобил
vehicle, Fahrzeug, véhicule, vehículo, veicolo, veículo, voertuig, pojazd, vozidlo
automaker, Autobauer, constructeur automobile, fabricante de automóviles, casa automobilistica, montadora, producent samochodów,
  automobilka, автопроизводитель
phone, Handy, téléphone, teléfono, telefono, telefone, telefoon, telefon, телефон
telecom, Telekom, télécom, telecomunicaciones, telecomunicazioni, telekomunikacja, телеком
operator, Betreiber, opérateur, operador, operatore, operátor, оператор
software, Software, logiciel, programa, oprogramowanie, программное обеспечение
internet, Internet, интернет, інтернет
warehouse, entrepôt, almacén, magazzino, armazém, magazijn, magazyn, sklad, склад
store, Geschäft, tienda, negozio, loja, winkel, sklep, obchod, магазин
retailer, Einzelhändler, détaillant, minorista, rivenditore, varejista, sprzedawca, prodejce, ритейлер
payment, Zahlung, paiement, pago, pagamento, betaling, płatność, platba, платеж, платіж
card, Karte, carte, tarjeta, carta, cartão, kaart, karta, карта, картка
shares, Aktien, acciones, azioni, ações, aandelen, akcje, akcie, акции, акції
stock exchange, Börse, Bourse, bolsa, borsa, beurs, giełda, burza, биржа, біржа, борса
profit, Gewinn, bénéfice, beneficio, utile, lucro, winst, zysk, zisk, прибыль, прибуток, печалба
inflation, Inflation, inflación, inflazione, inflação, inflatie, inflacja, inflace, инфляция, інфляція
central bank, Zentralbank, banque centrale, banco central, banca centrale, bank centralny, centrální banka, центральный банк,
  центральна банка
factory, Fabrik, usine, fábrica, fabbrica, fabriek, fabryka, továrna, завод, фабрика
gold, oro, ouro, goud, złoto, zlato, золото, злато
mine, Bergwerk, mina, miniera, kopalnia, důl, шахта, рудник
film, Film, película, filme, фильм, фільм, филм
actor, Schauspieler, acteur, attore, ator, aktor, herec, актер, актор
actress, Schauspielerin, actrice, actriz, attrice, atriz, aktorka, herečka, актриса
singer, Sänger, chanteur, cantante, cantor, zanger, piosenkarz, zpěvák, певец, співак
composer, Komponist, compositeur, compositor, compositore, componist, kompozytor, skladatel, композитор
opera, Oper, opéra, ópera, opera, опера
concert, Konzert, concierto, concerto, koncert, концерт
orchestra, Orchester, orchestre, orquesta, orkest, orkiestra, orchestr, оркестр
festival, Festspiele, festiwal, фестиваль, фестивал
music, Musik, musique, música, musica, muziek, muzyka, hudba, музыка, музика
album, Album, альбом, албум
producer, Produzent, producteur, productor, produttore, produtor, producent, продюсер
writer, Schriftsteller, écrivain, escritor, scrittore, schrijver, pisarz, spisovatel, писатель, письменник, писател
novel, Roman, romanzo, romance, powieść, román, роман
painter, Maler, peintre, pintor, pittore, schilder, malarz, malíř, художник
museum, Museum, musée, museo, museu, muzeum, музей
football, Fußball, fútbol, calcio, futebol, voetbal, piłka nożna, fotbal, футбол
footballer, Fußballer, footballeur, futbolista, calciatore, futebolista, voetballer, piłkarz, fotbalista, футболист, футболіст
goal, gol, doelpunt, bramka, gól, гол
midfielder, Mittelfeldspieler, milieu de terrain, centrocampista, meio-campista, pomocnik, záložník, полузащитник, півзахисник
striker, Stürmer, attaquant, delantero, attaccante, atacante, napastnik, útočník, нападающий, нападник
coach, Trainer, entraîneur, entrenador, allenatore, treinador, trener, trenér, тренер, треньор
team, Mannschaft, équipe, equipo, squadra, equipe, drużyna, tým, команда, отбор
league, Liga, ligue, lega, liga, лига, ліга
basketball, Basketball, baloncesto, pallacanestro, basquete, koszykówka, basketbal, баскетбол
tennis, Tennis, tenis, теннис, теніс, тенис
hockey, Eishockey, hokej, хоккей, хокей
player, Spieler, joueur, jugador, giocatore, jogador, speler, gracz, hráč, игрок, гравець, играч
inventor, Erfinder, inventeur, inventore, uitvinder, wynalazca, vynálezce, изобретатель, винахідник, изобретател
physicist, Physiker, physicien, físico, fisico, natuurkundige, fizyk, fyzik, физик, фізик
scientist, Wissenschaftler, scientifique, científico, scienziato, cientista, naukowiec, vědec, ученый, вчений, учен
psychologist, Psychologe, psychologue, psicólogo, psicologo, psycholog, психолог
heiress, Erbin, héritière, heredera, ereditiera, herdeira, dziedziczka, dědička, наследница, спадкоємиця
university, Universität, université, universidad, università, universidade, universiteit, uniwersytet, univerzita, университет, університет
professor, Professor, professeur, profesor, professore, профессор, професор
priest, Priester, prêtre, sacerdote, priester, ksiądz, kněz, священник
church, Kirche, église, iglesia, chiesa, igreja, kerk, kościół, kostel, церковь, церква
businessman, Geschäftsmann, homme d'affaires, empresario, uomo d'affari, empresário, zakenman, biznesmen, podnikatel, бизнесмен, бізнесмен
oligarch, Oligarch, oligarque, oligarca, oligarcha, олигарх, олігарх
founder, Gründer, fondateur, fundador, fondatore, oprichter, założyciel, zakladatel, основатель, засновник, основател
harvest, Ernte, récolte, cosecha, raccolto, colheita, oogst, zbiory, sklizeň, урожай, врожай
orchard, Obstgarten, verger, huerto, frutteto, pomar, boomgaard, сад
juice, Saft, zumo, succo, suco, sok, šťáva, сок, сік
fruit, Obst, fruta, frutta, fruit, owoc, ovoce, фрукт, плод
beach, Strand, plage, playa, spiaggia, praia, plaża, pláž, пляж, плаж
river delta, Flussdelta, delta du fleuve, delta del río
virus, Virus, wirus, вирус, вірус
variant, Variante, variante, wariant, varianta, вариант, варіант
thermometer, Thermometer, thermomètre, termómetro, termometro, termometr, teploměr, термометр
"""
_BY_WORD: Final[dict[str, tuple[str, ...]]] = {}
for _line in _CONCEPTS.strip().replace("\n  ", " ").splitlines():
    _words = tuple(dict.fromkeys(word.strip() for word in _line.split(",")))
    for _word in _words:
        _BY_WORD[fold(_word)] = tuple(dict.fromkeys([*_BY_WORD.get(fold(_word), ()), *_words]))


@lru_cache(maxsize=4096)
def translations(word: str) -> tuple[str, ...]:
    """The word itself, then what it is called in other languages where that is known. Plurals in s are known by their singular."""
    plain = fold(word)
    known = _BY_WORD.get(plain) or _BY_WORD.get(plain.removesuffix("s")) or _BY_WORD.get(plain.removesuffix("ies") + "y") or ()
    return tuple(dict.fromkeys([word, *known]))
