"""Short forms of given names that newspapers use for the full one. English first, then Russian; public knowledge, sorted."""

from __future__ import annotations

from typing import Final

_SHORT: Final = """
abigail: abby
abraham: abe
albert: al bert
alexander: alex alec sandy sasha саша
alexandra: alex sasha sandra
alfred: alf fred alfie
andrew: andy drew
anthony: tony
archibald: archie
arthur: art
barbara: barb
benjamin: ben benny
bernard: bernie
calvin: cal
catherine: cathy kate katie
charles: charlie chuck chas
christina: tina chris
christopher: chris kit
cynthia: cindy
daniel: dan danny
david: dave davey
deborah: deb debbie
dmitry: dima
donald: don donny
dorothy: dot dottie
edmund: ed eddie
edward: ed eddie ted teddy ned
eleanor: ellie nell
elizabeth: liz beth betty eliza lizzie
eugene: gene
evgeny: zhenya
francis: frank
franklin: frank
frederick: fred freddie
gabriel: gabe
george: georgie
gerald: gerry jerry
gregory: greg
harold: harry hal
harrison: harry
henry: hank harry
jacob: jake
james: jim jimmy jamie
janet: jan
jeffrey: jeff
jennifer: jen jenny
jeremiah: jerry
jessica: jess
jonathan: jon
joseph: joe joey
joshua: josh
judith: judy
katherine: kate kathy katie
kenneth: ken kenny
kimberly: kim
lawrence: larry
leonard: len leo
leslie: les
louis: lou
margaret: maggie meg peggy
martin: marty
matthew: matt
megan: meg
melissa: mel
michael: mike mick mickey misha
mikhail: misha
mitchell: mitch
mohammed: mo
nathaniel: nate nathan
nicholas: nick
nikolai: kolya
oliver: ollie
pamela: pam
patricia: pat patty trish
patrick: pat paddy
peter: pete
philip: phil
phillip: phil
raymond: ray
rebecca: becky
richard: dick rick rich ricky
robert: bob bobby rob robbie
ronald: ron ronnie
rosemary: rosie
samuel: sam
sandra: sandy
sergei: seryozha
stanley: stan
stephen: steve
steven: steve
stuart: stu
susan: sue susie
terence: terry
theodore: ted teddy theo
theresa: terry tess
thomas: tom tommy
timothy: tim
victoria: vicky tori
vincent: vince
vladimir: vova volodya
walter: walt wally
wesley: wes
william: bill billy will willie liam
yevgeny: zhenya
zachary: zach zack
"""
_FULL: Final[dict[str, frozenset[str]]] = {}
"""By short form, the given names that it stands for; a full name stands for itself."""
for _line in _SHORT.strip().splitlines():
    _given, _, _shorts = _line.partition(":")
    for _form in (_given, *_shorts.split()):
        _FULL[_form] = _FULL.get(_form, frozenset()) | {_given}


def is_nickname(written: str, given: str) -> bool:
    """Whether one of two folded given names is short for the other, or both are short for the same."""
    return written != given and not _FULL.get(written, frozenset()).isdisjoint(_FULL.get(given, ()))
