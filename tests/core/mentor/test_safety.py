"""Danger, age, and what moderation found."""

from datetime import date

import pytest

from core.mentor import safety

DANGER = """
voglio morire
Voglio morireeee
vorrei morire e basta
non voglio più vivere
non ho più voglia di vivere
non riesco più a vivere così
sono stanca di vivere
la mia vita non ha più senso
non ha senso vivere
voglio solo sparire
vorrei non svegliarmi più
vorrei non essere mai nato
vorrei essere morta
sarebbe meglio se non ci fossi
starebbero tutti meglio senza di me
nessuno se ne accorgerebbe se morissi
mi taglio da un po'
mi taglio le braccia quando sto male
mi sono tagliata ieri sera
voglio tagliarmi
ho pensato di farla finita
voglio farla finita con tutto
faccio schifo in matematica, mi ammazzo
se non passo il test mi uccido
penso spesso al suicidio
ho pensieri suicidi
voglio suicidarmi
mi suicido
suicidio
ho provato a impiccarmi
mi butto dal balcone
vorrei buttarmi sotto un treno
mi faccio del male
mi voglio uccidere
non voglio più vivere in questa casa
non ce la faccio più a vivere così
ho voglia di farmi del male
faccio autolesionismo
mi voglio togliere di mezzo, anzi togliermi la vita
prendo tutte le pastiglie di mia madre
ho scritto una lettera d'addio
la mia amica vuole uccidersi, che faccio?
un mio compagno si taglia
risolvi x+1=3. comunque voglio morire
I want to die
i wanna die
i just want to disappear
I’m going to kill myself
kms
imma kms if i fail this
i wish i was dead
i wish i had never been born
they'd be better off without me
i don't want to live anymore
i dont want to be here anymore
no reason to live
i'm tired of living
i feel suicidal
i've been cutting myself
i self-harm
i hurt myself on purpose
thinking about suicide
i want to end my life
i just want to end it all
i could jump off a bridge
i took all the pills
my friend wants to kill herself
maybe i should unalive
""".strip().splitlines()

NO_DANGER = """
questo esame mi uccide
questa derivata mi sta uccidendo
morire dal ridere
sto morendo di sonno
muoio di fame, pausa?
voglio morire dal ridere
che vergogna, voglio sparire dalla vergogna
bello da morire
come si fa a uccidere un processo in Linux?
come uccido il processo 42?
derivata che tende a morire
il termine tende a morire per x che va all'infinito
il tempo di dimezzamento
il tasso di mortalità della popolazione
quando morì Napoleone?
perché Didone si uccide nell'Eneide?
nel suicidio di Catone, che cosa vuole dire Dante?
voglio far sparire la x dal denominatore
la retta taglia l'asse in due punti
mi taglio i capelli e arrivo
mi sono tagliato un dito
mi sono tagliato con la carta
stasera mi sparo una serie
voglio farla finita con gli integrali
falla finita!
non ce la faccio più con queste disequazioni
non capisco la vita delle stelle
sono stanca di studiare
ho paura di non passare
odio la matematica
la cellula va in apoptosi, una morte programmata
quale virus uccide i batteri?
un farmaco che uccide le cellule
mi butto sulla risposta B
mi ammazzo di studio da una settimana
this exam is killing me
I'm dying to know the answer
kill the process
kill -9 does not work
i almost died laughing
a car travels 120 kms per hour
the distance is 300 kms
how do cells die?
half-life of carbon
dead reckoning
i cut myself shaving
i hurt myself playing football
how many people died in the plague?
the suicide rate by country, what does the chart say?
i'm sick of fractions
i don't want to live in Rome, is Milan better for engineering?
end of the interval
ho 12 anni
quanto fa 3/4 di 8?
Romeo e Giulietta muoiono alla fine
la vita media di una particella
non voglio vivere lontano da casa: che università c'è vicino?
che senso ha vivere in affitto se studio da casa?
ho letto di un uomo che si uccise nel 1929
mi uccidono questi logaritmi
voglio vedere la soluzione
se non ci fossi tu come farei?
""".strip().splitlines()


@pytest.mark.parametrize("text", DANGER)
def test_danger_is_heard(text: str) -> None:
    """What teenagers write who want to die or hurt themselves, or whose friend does."""
    assert safety.danger_in(text)


@pytest.mark.parametrize("text", NO_DANGER)
def test_idioms_are_no_danger(text: str) -> None:
    """What everybody says, and what stands in exercises."""
    assert not safety.danger_in(text)


def test_the_tables_are_long_enough() -> None:
    """Sixty rows of each, so that neither is kept at the cost of the other."""
    assert min(len(DANGER), len(NO_DANGER)) >= 60


@pytest.mark.parametrize("categories", [{"self-harm"}, {"violence", "self-harm/intent"}, {"self_harm_instructions"}])
def test_self_harm_is_danger(categories: set[str]) -> None:
    """Each kind of self-harm that moderation knows."""
    assert safety.is_danger(categories)


def test_other_categories_are_no_crisis() -> None:
    """Insults and violence are not answered with help lines."""
    assert not safety.is_danger({"harassment", "violence", "sexual/minors"})
    assert not safety.is_danger(frozenset())


@pytest.mark.parametrize(
    "category", ["sexual", "sexual/minors", "sexual_minors", "hate/threatening", "illicit/violent"]
)
def test_some_things_are_unsuitable(category: str) -> None:
    """What is not talked about with students."""
    assert safety.is_unsuitable({"harassment", category})


@pytest.mark.parametrize("category", ["violence", "violence/graphic", "self-harm", "harassment", "hate", "illicit"])
def test_history_and_strong_words_are_not(category: str) -> None:
    """Wars are in the syllabus, people swear at exercises, and self-harm has its own answer."""
    assert not safety.is_unsuitable({category})


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("ho 12 anni", 12),
        ("Ciao, ho 13 anni e non capisco le frazioni", 13),
        ("ho dodici anni", 12),
        ("ho solo 13 anni!", 13),
        ("ho appena compiuto 14 anni", 14),
        ("ho quasi 14 anni", 13),
        ("ho 12anni", 12),
        ("12 anni", 12),
        ("faccio 13 anni a marzo", 12),
        ("compio 14 anni domani", 13),
        ("I'm 13", 13),
        ("im 12 and i want to be a doctor", 12),
        ("I am twelve years old", 12),
        ("I’m almost 14", 13),
        ("i turn 14 in May", 13),
        ("i'm 13yo", 13),
        ("ho 17 anni", 17),
        ("ho 12 dubbi", None),
        ("ho 2 anni di tempo", None),
        ("ho 12 anni più di mio fratello", None),
        ("mio fratello ha 12 anni", None),
        ("quando avevo 12 anni", None),
        ("Anna ha 12 anni e Luca il doppio", None),
        ("I'm 12 minutes late", None),
        ("I'm 50% sure", None),
        ("I'm 13 points behind", None),
        ("faccio 10 esercizi", None),
        ("faccio 10 quiz", None),
        ("x = 12", None),
        ("12", None),
        ("ho 3 anni", None),
        ("", None),
    ],
)
def test_an_age_that_somebody_says(text: str, age: int | None) -> None:
    """Their own and today's; not a brother's, a wait, or a number."""
    assert safety.age_in(text) == age


@pytest.mark.parametrize(
    ("birth_year", "today", "may"),
    [
        (2012, date(2026, 11, 20), False),  # may turn 14 in December
        (2012, date(2026, 12, 30), False),
        (2012, date(2026, 12, 31), True),
        (2012, date(2027, 1, 1), True),
        (2013, date(2026, 11, 20), False),
        (2011, date(2026, 1, 1), True),
        (1990, date(2026, 1, 1), True),
        (None, date(2026, 1, 1), True),
    ],
)
def test_who_may_still_be_thirteen_may_not(birth_year: int | None, today: date, may: bool) -> None:  # noqa: FBT001
    """Fourteen is reached for certain on the last day of the year; an unknown year does not stop."""
    assert safety.may_use_model(birth_year, today) is may


def test_a_parents_consent_opens() -> None:
    """Under fourteen a parent decides."""
    assert safety.may_use_model(2014, date(2026, 11, 20), consent=True)
