"""News-like English of our own for benchmarks: sentences from templates, different for each seed, about nobody who exists.

Real texts belong to their publishers, and made-up syllables are no language to any model. These have the function words,
names, numbers and sentence lengths of an agency report, which is what speed depends on; no quality is measured with them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable

GIVEN = "Anna Boris Clara Denis Elena Farid Greta Hassan Irina Jonas Karin Luis Marta Nadia Oscar Petra Rosa Stefan Tariq Vera".split()
SYLLABLES = [a + b for a in "bdfgklmnprstvz" for b in ("al", "an", "el", "en", "or", "ov", "ar", "in")]
PLACES = "Arlow Benmouth Castrel Dornick Eastvale Farrow Grimstad Halvek Inverley Jorrel Kestrin Lowmoor Marrick Norvale Ostrey".split()
BODIES = (
    "the ministry;the regional council;the port authority;the central bank;the union;the appeals court;the rail operator;the police;"
    "the water board;the university hospital;the electricity company;the harbour office;the parliament;the weather service"
).split(";")
DEEDS = (
    "approved a budget of {n} million euros for new {thing};rejected the plan for {thing} after {n} hours of debate;"
    "opened an inquiry into {thing} in {place};said that repairs to {thing} would take {n} weeks;published figures on {thing};"
    "asked residents of {place} to report damage to {thing};signed an agreement on {thing} with a company from {place};"
    "postponed the vote on {thing} until the end of the month;hired {n} people for {thing};promised to pay for {thing} by the summer"
).split(";")
THINGS = (
    "the old bridges;school buildings;the tram line;flood barriers;grain storage;the ferry terminal;winter heating;housing loans;"
    "the coastal road;the observatory;public libraries;waste water;the fishing fleet;night trains;the airport runway;rural clinics"
).split(";")
LINKS = (
    "On {day}, {who} {deed}.;{Who} {deed}, according to {person}.;{person}, a resident of {place} for {n} years, said that {who} {deed}.;"
    "It was the {n}th time this year that {who} {deed}.;Critics in {place} said it came too late, while {person} called it a first step.;"
    "“We have waited {n} months for an answer on {thing},” said {person}.;Nobody was hurt, and traffic in {place} was normal by {day}.;"
    "The costs rose by {n} per cent compared with last year, {person} told reporters in {place}.;"
    "A spokeswoman declined to comment on {thing} and referred questions to {who}.;"
    "In {place}, {n} kilometres away, {who} {deed} in a similar case."
).split(";")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def person(rng: random.Random) -> str:
    """A made-up given name and surname."""
    return f"{rng.choice(GIVEN)} {''.join(rng.choices(SYLLABLES, k=rng.randint(2, 3))).capitalize()}"


def sentence(rng: random.Random) -> str:
    """One sentence."""
    who = rng.choice(BODIES)
    facts = {
        "n": rng.randint(2, 97),
        "thing": rng.choice(THINGS),
        "place": rng.choice(PLACES),
        "day": rng.choice(DAYS),
        "person": person(rng),
        "who": who,
        "Who": who[0].upper() + who[1:],
    }
    deed = rng.choice(DEEDS).format(**facts)
    return rng.choice(LINKS).format(**facts, deed=deed)


def paragraph(rng: random.Random, sentences: int = 3) -> str:
    """Some sentences."""
    return " ".join(sentence(rng) for _ in range(sentences))


def headline(rng: random.Random) -> str:
    """A title that no other article has."""
    deed = rng.choice(DEEDS).format(n=rng.randint(2, 97), thing=rng.choice(THINGS), place=rng.choice(PLACES))
    return f"{rng.choice(PLACES)}: {rng.choice(BODIES)} {deed}".replace(": the ", ": ")


def story(rng: random.Random, *, paragraphs: int = 9, planted: Iterable[str] = ()) -> list[str]:
    """The paragraphs of an article, with the planted sentences somewhere in them."""
    texts = [paragraph(rng, rng.randint(2, 4)) for _ in range(paragraphs)]
    for said in planted:
        place = rng.randrange(len(texts))
        texts[place] = f"{texts[place]} {said}"
    return texts
