"""Replies that give an answer away, and replies that must be allowed to help."""

import re
from fractions import Fraction

import pytest

from core.mentor.prompts import Scene, letter, system
from core.mentor.screen import confirms, gives_away, is_guess, recites
from core.practice.model import Chosen
from core.practice.typed import NotANumber, read_number
from core.questions.model import Item, Kind, NumericKey, Wording
from tests.core.mentor import scenes

HALF = scenes.asked("Quale parte di 3/4 resta, se se ne tolgono 2/3?", "1/2", "1/4", "3/8", "2/3", "5/12", right=(1,))
ROOT = scenes.asked("Risolvi 2x + 6 = 14.", "3", "4", "10", "7", "20", right=(1,))
AREA = scenes.asked("Quanto misura l'area del rettangolo?", "39 cm²", "78 cm²", "18 cm²", "36 cm²", "3 cm²")
SPEED = scenes.asked("Qual è l'accelerazione?", "8 m/s²", "4 m/s²", "0,4 m/s²", "2 m/s²", "16 m/s²", right=(1,))
PERCENT = scenes.asked("Qual è la probabilità?", "60%", "50%", "40%", "25%", "75%", right=(1,))
SLOPE = scenes.asked("Qual è il coefficiente angolare di 3x + 4y = 8?", "3/4", "−3/4", "−4/3", "4/3", "2", right=(1,))
RANGE = scenes.asked("Per quali k?", "k > 2", "2 < k < 3", "1 < k < 3", "k < 3", "k = 2", right=(1,))
PAIR = scenes.asked("Quali sono i due numeri seguenti?", "21 e 23", "23 e 21", "21 e 21", "22 e 24", "19 e 21")
WAVE = scenes.asked(
    "Un'onda passa dall'aria all'acqua. Che cosa non cambia?",
    "La lunghezza d'onda",
    "La velocità dell'onda",
    "La frequenza dell'onda",
    "L'ampiezza",
    "La direzione",
    right=(2,),
)
WHO = scenes.asked("Anna, Bruno, Carlo e Dario corrono. Chi vince?", "Anna", "Bruno", "Carlo", "Dario", right=(1,))
VERB = scenes.asked(
    "She ___ meat.",
    "don't eat",
    "doesn't eat",
    "doesn't eats",
    "not eats",
    "isn't eat",
    right=(1,),
)
ON = scenes.asked("It depends ___ the weather.", "from", "on", "of", "by", "at", right=(1,))
POLY = scenes.asked("Quanto vale a√a · √a?", "1", "a√a", "a²", "a³", "2a", right=(2,))
FALSE = scenes.asked("Ogni funzione continua è derivabile.", "Vero", "Falso", right=(1,), kind=Kind.TRUE_FALSE)
TRUE = scenes.asked("Ogni funzione derivabile è continua.", "Vero", "Falso", right=(0,), kind=Kind.TRUE_FALSE)
BOTH = scenes.asked("Quali sono pari?", "x²", "x³", "cos x", "sin x", right=(0, 2))
NEGATION = scenes.asked(
    "Nega: tutti gli studenti hanno consegnato almeno un esercizio.",
    "Nessuno studente ha consegnato esercizi",
    "Almeno uno studente non ha consegnato alcun esercizio",
    "Almeno uno studente ha consegnato un esercizio",
    right=(1,),
)
MASS = scenes.scene(
    Item(
        slug="mass",
        topic=("sciences",),
        kind=Kind.NUMERIC,
        original="it",
        wordings={"it": Wording("Quanti grammi di acqua da 2 g di idrogeno e 20 g di ossigeno?")},
        numeric=NumericKey(Fraction(45, 2), Fraction(1, 10), "g"),
    )
)
THIRD = scenes.scene(
    Item(
        slug="third",
        topic=("maths",),
        kind=Kind.NUMERIC,
        original="it",
        wordings={"it": Wording("Quale probabilità?")},
        numeric=NumericKey(Fraction(1, 3)),
    )
)
CURVE = scenes.scene(
    Item(
        slug="curve",
        topic=("maths",),
        kind=Kind.SHORT,
        original="it",
        wordings={"it": Wording("Come si chiama la curva?", accept=("parabola", "la parabola"))},
    )
)

SCREWS = scenes.asked("Una scatola ha 45 viti di tre tipi. Quante ne servono, nel caso peggiore?", "45", "12", "4", "9")
SHIPS = scenes.asked(
    "Perché le navi rallentavano?",
    "Gli organismi marini si attaccavano alla carena",
    "Il peso dei pezzi di zinco",
    "Le lastre si consumavano",
)

TELLING = [
    (HALF, "it", "La risposta è B"),
    (HALF, "it", "La risposta è la B."),
    (HALF, "it", "La risposta giusta è l'opzione **B**."),
    (HALF, "it", "opzione B"),
    (HALF, "it", "Direi la B, perché il resto non torna."),
    (HALF, "it", "Segna la lettera b."),
    (HALF, "it", "B) 1/4"),
    (HALF, "it", "È (B)."),
    (HALF, "it", "**B**"),
    (HALF, "it", "B"),
    (HALF, "it", "La B è corretta."),
    (HALF, "it", "Quella giusta è la seconda."),
    (HALF, "it", "Guarda bene la seconda opzione!"),
    (HALF, "it", "Opzione 2, senza dubbio."),
    (HALF, "it", "Puoi escludere A, C, D, E. Che cosa resta?"),
    (HALF, "it", "Hai ragione: è la B!"),
    (HALF, "en", "answer: B"),
    (HALF, "en", "The correct answer is (B)."),
    (HALF, "en", "It's B."),
    (HALF, "en", "I would go for option b."),
    (HALF, "en", "B is right."),
    (HALF, "it", "Resta 1/4 dell'acqua."),
    (HALF, "it", r"Quindi $\frac{1}{4}$."),
    (HALF, "it", r"Quindi $\frac14$."),
    (HALF, "it", "Insomma, lo 0,25."),
    (HALF, "en", "So 0.25 is left."),
    (HALF, "it", "Cioè il 25 %."),
    (HALF, "it", "Resta un quarto."),
    (HALF, "it", "¼, vero?"),
    (ROOT, "it", "Il risultato è 4."),
    (ROOT, "it", "Allora x = 4"),
    (ROOT, "it", r"Dividi per 2 e ottieni $x = 4$."),
    (ROOT, "it", "Dividi per due e viene quattro."),
    (ROOT, "it", "2x = 8, e la metà di 8 è 4."),
    (ROOT, "en", "You get four."),
    (ROOT, "en", "That makes x equal to 4."),
    (ROOT, "it", r"$$\boxed{4}$$"),
    (ROOT, "it", "Il risultato:\n\n4"),
    (AREA, "it", "L'area è di 39 centimetri quadrati."),
    (AREA, "it", r"$A = 39\,\text{cm}^2$"),
    (AREA, "it", "Fa trentanove? No: 39!"),
    (SPEED, "it", "Sono 4 m/s^2."),
    (SPEED, "it", r"Trovi $a = 4\ \mathrm{m/s^2}$."),
    (SPEED, "it", "Si ha 4 m/s² alla fine della frenata"),
    (PERCENT, "it", "La probabilità è 1/2."),
    (PERCENT, "it", "È il cinquanta per cento."),
    (PERCENT, "it", "È 0,5."),
    (PERCENT, "en", "It is a half."),
    (PERCENT, "en", "It is 50 percent."),
    (SLOPE, "it", "Il coefficiente è −3/4."),
    (SLOPE, "it", r"$m = -\frac{3}{4}$"),
    (SLOPE, "it", "Viene meno tre quarti."),
    (SLOPE, "it", "Viene -0.75"),
    (SLOPE, "en", "It's three over four with a minus sign."),
    (SLOPE, "en", "You get negative three quarters."),
    (SLOPE, "it", "Sono tre quarti con il segno meno."),
    (SLOPE, "it", "Tre fratto quattro, ma con il meno davanti."),
    (SLOPE, "it", "Viene tre quarti, negativo."),
    (PERCENT, "en", "so it's half"),
    (PERCENT, "en", "It's one over two."),
    (PERCENT, "it", "Quindi un mezzo."),
    (RANGE, "it", "Deve essere 2<k<3."),
    (RANGE, "it", r"Quindi $2 < k < 3$."),
    (RANGE, "it", "k sta tra 2 e 3."),
    (PAIR, "it", "Vengono 21, 23."),
    (PAIR, "it", "prima 21 e poi 23"),
    (WAVE, "it", "Resta uguale la frequenza."),
    (WAVE, "it", "La **frequenza** dell'onda la decide la sorgente."),
    (WHO, "it", "Il primo è Bruno."),
    (WHO, "it", "Allora vince per forza: Bruno"),
    (VERB, "it", "Con she si usa doesn't eat."),
    (VERB, "en", "We say “she doesn’t eat meat”."),
    (ON, "en", "The verb takes 'on'."),
    (ON, "en", "We use on after depend."),
    (ON, "it", "In inglese depend regge on."),
    (POLY, "it", "Viene $a^2$."),
    (POLY, "it", "Ottieni a^{2}"),
    (FALSE, "it", "L'affermazione è falsa."),
    (FALSE, "it", "Non è vero: pensa a |x|."),
    (FALSE, "en", "That statement is false."),
    (TRUE, "it", "Sì, è vero."),
    (BOTH, "it", "La prima opzione è giusta, poi pensa alle altre."),
    (BOTH, "it", "cos x è pari."),
    (NEGATION, "it", "Vuol dire che almeno uno studente non ha consegnato alcun esercizio."),
    (NEGATION, "it", "Esiste almeno uno studente che alcun esercizio non ha consegnato."),
    (ON, "en", "So the sentence is: it depends on the weather."),
    (PAIR, "it", "Il nono è 23 e l'ottavo è 21."),
    (NEGATION, "it", "Esiste uno studente che non ha consegnato alcunché, nessun esercizio: alcun foglio."),
    (MASS, "it", "Sono 22,5 g."),
    (MASS, "it", "Circa 22.45 grammi."),
    (MASS, "it", "$22{,}5$"),
    (THIRD, "it", "Circa 0,33."),
    (THIRD, "it", "Il 33,3%"),
    (THIRD, "it", "un terzo"),
    (SHIPS, "it", "Pensa agli organismi che in mare, marini appunto, frenano la nave."),
    (SCREWS, "it", "Sono 45, cioè tutte: la risposta è 45."),
    (CURVE, "it", "È una parabola."),
    (CURVE, "it", "Pensa alla Parabola!"),
]

HELPING = [
    (HALF, "it", "Che cosa resta se di 3/4 togli 2/3? A che cosa si riferiscono i 2/3?"),
    (HALF, "it", "Perché hai pensato a 1/2? Rileggi la domanda."),
    (HALF, "it", "Puoi già escludere A ed E: perché?"),
    (HALF, "it", "E se partissi da un disegno? A volte aiuta."),
    (HALF, "it", "1. Scrivi la frazione.\n2. Calcola quanto togli.\n\nChe cosa scrivi al primo passo?"),
    (HALF, "en", "A drawing helps. Which part is taken away?"),
    (ROOT, "it", "Prima togli 6 da 14: che cosa resta a sinistra?"),
    (ROOT, "it", "Quando hai $2x$, dividi per 2."),
    (ROOT, "it", "Passo 4: controlla il risultato sostituendo."),
    (ROOT, "it", "In 4 passaggi ci arrivi: da quale cominci?"),
    (ROOT, "it", "Un gemello: $3x + 5 = 20$, cioè $3x = 15$, quindi $x = 5$. Rifai gli stessi passi."),
    (ROOT, "en", "Take 6 from both sides first. What is left?"),
    (AREA, "it", "Ricorda: l'area è base per altezza. Quali sono la base e l'altezza?"),
    (SPEED, "it", "Quali dati hai? Le velocità sono in m/s, quindi l'accelerazione è in m/s²."),
    (SPEED, "it", "Attento: 0,4 m/s² viene da uno scambio."),
    (PERCENT, "it", "Conta i casi favorevoli e dividi per i casi possibili."),
    (SLOPE, "it", "Porta $4y$ da solo: che cosa diventa $3x$ dall'altra parte?"),
    (SLOPE, "it", "Tre quarti è il coefficiente di quale retta?"),
    (SLOPE, "en", "Is three over four the slope of the other line?"),
    (SLOPE, "it", "Il segno conta: 3/4 è il coefficiente di quale retta?"),
    (RANGE, "it", "Quale condizione dà k > 2?"),
    (WAVE, "it", "Chi decide quante onde partono ogni secondo, il mezzo o la sorgente?"),
    (WAVE, "it", "Lunghezza d'onda e velocità cambiano insieme: come?"),
    (WAVE, "it", "Confronta la lunghezza d'onda, la velocità dell'onda e la frequenza dell'onda: che cosa le lega?"),
    (SCREWS, "it", "Parti dalle 45 viti: quante possono essere dello stesso tipo?"),
    (SHIPS, "it", "Rileggi il terzo capoverso: che cosa frenava le navi?"),
    (WHO, "it", "Da quale indizio parti: quello su Anna o quello su Bruno?"),
    (VERB, "it", "Chi fa l'azione? Quale ausiliare vuole la terza persona?"),
    (ON, "en", "Which preposition follows this verb? Think of what a plan stands on."),
    (POLY, "it", "Quante volte compare √a? Scrivi tutto come potenze di a."),
    (FALSE, "it", "È vero o falso? Cerca un controesempio."),
    (FALSE, "it", "Chiediti se è vera anche per |x|."),
    (TRUE, "it", "Come si dimostrerebbe? Scrivi la definizione."),
    (BOTH, "it", "Che cosa succede se al posto di x metti −x?"),
    (NEGATION, "it", "Come si nega «tutti»? E «almeno uno»?"),
    (MASS, "it", "Con 2 g di idrogeno quanti moli hai? E con 20 g di ossigeno?"),
    (CURVE, "it", "Che grado ha l'equazione? Quale curva conosci con quel grado?"),
]

TEMPLATES = {
    "it": (
        "La risposta è {}.",
        "La risposta giusta è {}",
        "Risposta: **{}**",
        "Quindi viene {}.",
        "Ottieni {}, giusto?",
        "È {}, perché torna tutto.",
        "Il risultato è {}!",
        "{} è la risposta giusta.",
        "Devi scegliere {}.",
        "Pensaci un momento.\n\n**{}**",
    ),
    "en": (
        "The answer is {}.",
        "The right option is {}",
        "Answer: **{}**",
        "So you get {}.",
        "That gives {}.",
        "It's {}, because it all fits.",
        "The result is {}!",
        "{} is the right answer.",
        "You should choose {}.",
        "Think for a moment.\n\n**{}**",
    ),
}


@pytest.mark.parametrize(("scene", "language", "reply"), TELLING)
def test_an_answer_is_noticed(scene: Scene, language: str, reply: str) -> None:
    """The right letter, option, number or word is found in every form in which a mentor might write it."""
    assert gives_away(reply, scene, language)


@pytest.mark.parametrize(("scene", "language", "reply"), HELPING)
def test_help_is_let_through(scene: Scene, language: str, reply: str) -> None:
    """Numbers of the question, other options, steps and worked twins are no leak."""
    assert not gives_away(reply, scene, language)


@pytest.mark.parametrize(("scene", "language", "reply"), TELLING[:5])
def test_after_an_attempt_nothing_is_secret(scene: Scene, language: str, reply: str) -> None:
    """What was answered may be explained."""
    answered = Scene(scene.version, scene.order, Chosen((0,)), right=False)

    assert not gives_away(reply, answered, language)


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_answer_of_the_bank_is_noticed(language: str) -> None:
    """Letters, texts and values of all bundled questions, in sentences of both kinds: none gets through."""
    missed = [
        (item.slug, sentence)
        for item, scene in scenes.of_the_bank(language)
        for answer in _spoken(item, scene, language)
        for sentence in (template.format(answer) for template in TEMPLATES[language])
        if not gives_away(sentence, scene, language)
    ]

    assert missed == []


@pytest.mark.parametrize("language", ["it", "en"])
def test_most_solutions_of_the_bank_are_noticed(language: str) -> None:
    """Worked solutions were not written to be found: options of a whole sentence are often put in other words."""
    of_numbers, others = [], []
    for item, scene in scenes.of_the_bank(language):
        told = gives_away(scene.version.wording(language).explanation or "", scene, language)
        key = [scene.version.wording(language).choices[place] for place in item.right]
        is_number = item.numeric is not None or (len(key) == 1 and read_number(key[0]) != NotANumber())
        (of_numbers if is_number else others).append(told)

    assert all(of_numbers)
    assert sum(others) >= 0.6 * len(others)


@pytest.mark.parametrize("language", ["it", "en"])
def test_the_hints_of_the_bank_are_let_through(language: str) -> None:
    """What the author wrote as a hint may be said: at most one in a hundred is held back."""
    hints = [
        (hint, scene) for _, scene in scenes.of_the_bank(language) for hint in scene.version.wording(language).hints
    ]
    held = [hint for hint, scene in hints if gives_away(hint, scene, language)]

    assert len(hints) > 300
    assert len(held) <= len(hints) / 100, held


@pytest.mark.parametrize("language", ["it", "en"])
def test_wrong_options_may_be_named(language: str) -> None:
    """Asking about a wrong option is no leak; at most one in a hundred is held back."""
    asking = {"it": "Perché hai pensato a {}?", "en": "What made you think of {}?"}[language]
    wrong = [
        (asking.format(scene.version.wording(language).choices[place]), scene)
        for item, scene in scenes.of_the_bank(language)
        for place in range(len(scene.version.choices))
        if place not in item.right and item.kind is not Kind.TRUE_FALSE
    ]
    held = [reply for reply, scene in wrong if gives_away(reply, scene, language)]

    assert len(held) <= len(wrong) / 100, held


def test_an_unfinished_word_waits() -> None:
    """While a reply is written, "4" may become "45": it counts once something follows, or at the end."""
    reply = "Il risultato è 4"

    assert not gives_away(reply, ROOT, "it", whole=False)
    assert gives_away(reply + " m", ROOT, "it", whole=False)
    assert gives_away(reply, ROOT, "it")


def test_options_may_be_listed() -> None:
    """The question as it stands on the screen, said once more, tells nothing."""
    listed = "Le opzioni sono: A) 1/2, B) 1/4, C) 3/8, D) 2/3. Quale puoi scartare?"

    assert not gives_away(listed.replace("1/4", "un'altra"), HALF, "it")
    assert not gives_away("Le opzioni parlano di velocità, ampiezza e direzione: quale dipende dal mezzo?", WAVE, "it")


@pytest.mark.parametrize(
    "sign", ["\\frac{", "**", "(", '"', "1/", "1,", "è ", "la ", "\\", "B ", "_", "^", "1.1.", "4 "]
)
def test_odd_texts_do_no_harm(sign: str) -> None:
    """Any mess of signs is read to its end."""
    for scene in (HALF, ROOT, WAVE, BOTH, FALSE, MASS, CURVE):
        gives_away(sign * 2000, scene, "it")


def _spoken(item: Item, scene: Scene, language: str) -> list[str]:
    """The answer of a question in the forms in which it can be said."""
    words = scene.version.wording(language)
    if item.kind is Kind.SHORT:
        return list(words.accept)
    if item.numeric is not None:
        value = item.numeric.value
        unit = f" {item.numeric.unit}" if item.numeric.unit else ""
        fraction = rf"$\frac{{{value.numerator}}}{{{value.denominator}}}$"
        return [f"{value}{unit}", f"$x = {value}$", *([fraction] if value.denominator > 1 else [])]
    texts = [words.choices[place] for place in item.right]
    if item.kind is Kind.TRUE_FALSE:
        return texts
    letters = [letter(scene.order.index(place)) for place in item.right]
    option = {"it": "l'opzione", "en": "option"}[language]
    named = [f"{option} {one}" for upper in letters for one in (upper, upper.lower())]
    return [*texts, *letters, *named]


GUESSES = [
    (HALF, "it", "è la B?"),
    (HALF, "it", "E' la b?"),
    (HALF, "it", "E?"),
    (HALF, "it", "b"),
    (HALF, "it", "c?"),
    (HALF, "it", "opzione C"),
    (HALF, "it", "secondo me la D, giusto?"),
    (HALF, "it", "credo A"),
    (HALF, "it", "B o C?"),
    (HALF, "it", "e la D invece?"),
    (HALF, "it", "la seconda?"),
    (HALF, "it", "l'ultima?"),
    (HALF, "en", "is it E"),
    (HALF, "en", "Is it B?"),
    (HALF, "en", "it's d right?"),
    (HALF, "en", "I think A."),
    (HALF, "en", "the third one?"),
    (HALF, "en", "option c"),
    (HALF, "it", "viene 3/8?"),
    (HALF, "it", "0,25?"),
    (HALF, "en", "so it's half"),
    (HALF, "it", "un quarto?"),
    (ROOT, "it", "x = 10"),
    (ROOT, "it", "quindi sette?"),
    (SLOPE, "en", "It's three over four with a minus sign"),
    (AREA, "it", "39"),
    (WAVE, "it", "la velocità?"),
    (WAVE, "it", "È l'ampiezza, vero?"),
    (WHO, "it", "carlo"),
    (VERB, "en", "isn't eat?"),
    (POLY, "it", "fa a^3?"),
    (FALSE, "it", "è vera?"),
    (FALSE, "en", "false, right?"),
    (MASS, "it", "viene 22,5?"),
    (MASS, "it", "22 g"),
    (MASS, "it", "20?"),
    (MASS, "it", "ho provato e alla fine trovo che ci vogliono 24 grammi di acqua"),
    (CURVE, "it", "un'ellisse?"),
    (CURVE, "it", "secondo me è quella che si chiama iperbole"),
    (CURVE, "it", "parabola"),
]

NO_GUESSES = [
    (HALF, "it", "non ho capito"),
    (HALF, "it", "mi dai un indizio?"),
    (HALF, "it", "E adesso?"),
    (HALF, "it", "A me non torna il testo"),
    (HALF, "it", "prima cosa devo fare?"),
    (HALF, "en", "I need a hint"),
    (HALF, "en", "Can you give me a hint?"),
    (HALF, "en", "what is a fraction"),
    (ROOT, "it", "perché devo togliere 6?"),
    (WAVE, "it", "che cosa devo guardare?"),
    (WHO, "it", "da dove parto?"),
    (FALSE, "it", "come lo dimostro?"),
    (MASS, "it", "perché con 2 g di idrogeno e 20 g di ossigeno non basta sommare?"),
    (MASS, "it", "che cosa c'entra l'ossigeno?"),
    (CURVE, "it", "che cosa devo guardare dell'equazione?"),
]

VERDICTS = """
Sì
Sì!
Sì, è la B.
Si, esatto.
Esatto! Come ci sei arrivato?
Esattamente.
**Esatto!** Come ci sei arrivato?
Giusto: e perché?
Corretto.
Bravo, ci sei.
Brava!
Perfetto! Passiamo alla prossima.
Ottimo lavoro!
Ah, sì!
Eh no.
Bene, sì: proprio così.
Ciao! Sì, è quella.
No, non è la B.
No. Riprova.
No!
Non è la B: rileggi.
Non proprio. Guarda il segno.
Non ci siamo ancora.
Quasi! Manca il segno.
Mi dispiace, non è quella.
Purtroppo no.
Sbagliato.
Hai ragione, è così.
Hai indovinato!
La B? Sì, esatto.
La B è corretta.
La tua risposta è giusta.
La B non è la risposta giusta.
Ti confermo che è così.
✅ Proprio così
❌ Rileggi.
👍
Vero!
Yes
Yes, that is it.
Yep!
Exactly! How did you get there?
Correct. Now explain why.
Well done! Next one?
That's right.
You're right!
You got it!
Right! And why?
No, it isn't.
Nope.
Not quite: mind the sign.
Not exactly.
Almost! Check the sign.
Close, but look at the sign.
Unfortunately it's not B.
It's not B.
That's not it.
Hmm, not quite.
Well, no.
B is correct.
Your answer is wrong.
B? No.
Nice try, but look again.
"""

NO_VERDICTS = """
Bene, e adesso?
Come ci sei arrivato?
Che cosa ti fa pensare alla B?
Non ti dico né sì né no: come ci sei arrivato?
Non posso dirti se è giusta: raccontami il passaggio.
Né sì né no: fammi vedere il calcolo.
Si parte dal denominatore: quale scegli?
Prima di dirti se la B è giusta, vediamo il passaggio.
Vediamo: quando togli 6, sì, resta 8, e poi?
Controlliamo insieme se è corretta. Qual è il primo passo?
Ottima domanda. Da dove partiresti?
Giusto per capire: che cosa hai moltiplicato?
Nessun problema! Da dove partiamo?
Certo: prova prima tu.
Noi partiamo dal testo: che cosa chiede?
Quasi tutti partono dal disegno. E tu?
Ti sembra che la B sia giusta?
È giusta secondo te?
Raccontami come hai scelto la B.
Good, and what now?
How did you get there?
I can't tell you whether it is right: show me your step.
No problem! Where shall we start?
Let's check one step together.
Not every function has this property: which one does?
Neither yes nor no: what made you think of it?
What is the right first step?
Note the sign. What happens to it?
So what do you do with the 6?
"""


@pytest.mark.parametrize(("scene", "language", "words"), GUESSES)
def test_a_guess_is_noticed(scene: Scene, language: str, words: str) -> None:
    """A letter, a place, a text or a number that could be the answer, right or wrong."""
    assert is_guess(words, scene, language)


@pytest.mark.parametrize(("scene", "language", "words"), NO_GUESSES)
def test_a_question_is_no_guess(scene: Scene, language: str, words: str) -> None:
    """Who asks how names no answer."""
    assert not is_guess(words, scene, language)


@pytest.mark.parametrize("language", ["it", "en"])
def test_every_option_of_the_bank_is_a_guess(language: str) -> None:
    """By letter and by text, right and wrong alike."""
    asks = {"it": ("È la {}?", "{}?", "secondo me {}"), "en": ("Is it {}?", "{}", "I think {}")}[language]
    missed = [
        (item.slug, ask.format(named))
        for item, scene in scenes.of_the_bank(language)
        if item.kind is not Kind.TRUE_FALSE
        for place, text in zip(scene.order, range(len(scene.order)), strict=True)
        for named in (letter(text), scene.version.wording(language).choices[place])
        for ask in asks
        if not is_guess(ask.format(named), scene, language)
    ]

    assert missed == []


@pytest.mark.parametrize("reply", VERDICTS.strip().splitlines())
def test_a_yes_or_no_is_noticed(reply: str) -> None:
    """Where a reply begins with it, whether in one word or in a sentence."""
    assert confirms(reply)


@pytest.mark.parametrize("reply", NO_VERDICTS.strip().splitlines())
def test_asking_back_is_no_verdict(reply: str) -> None:
    """Praise of a step further on, or a word that only looks like a yes."""
    assert not confirms(reply)


@pytest.mark.parametrize("language", ["it", "en"])
def test_hints_of_the_bank_are_no_verdicts(language: str) -> None:
    """At most one in a hundred begins as if it ruled on something."""
    hints = [hint for _, scene in scenes.of_the_bank(language) for hint in scene.version.wording(language).hints]
    held = [hint for hint in hints if confirms(hint)]

    assert len(held) <= len(hints) / 100, held


@pytest.mark.parametrize("language", ["it", "en"])
def test_instructions_are_noticed(language: str) -> None:
    """Any twelve words of them in a row, in capitals and without punctuation too; eleven are chance."""
    words = re.findall(r"\w+", system(language))
    for start in range(0, len(words) - 12, 7):
        passage = words[start : start + 12]
        assert recites(f"Ecco: {' '.join(passage).upper()}!", language)
        assert not recites(" ".join([*passage[:11], "altro"]), language)


@pytest.mark.parametrize("language", ["it", "en"])
def test_what_the_bank_says_recites_nothing(language: str) -> None:
    """Explanations and hints."""
    for item, scene in scenes.of_the_bank(language):
        words = scene.version.wording(language)
        assert not any(recites(text, language) for text in (words.explanation or "", *words.hints)), item.slug


def test_any_text_is_read_in_one_pass() -> None:
    """Long texts of one kind of sign come to an end; nothing is said of them."""
    for text in ("a " * 8000, "?" * 9000, "ah " * 5000, "è la " * 3000, "no " * 1 + "x" * 9000):
        assert isinstance(is_guess(text, HALF, "it"), bool)
        assert isinstance(confirms(text), bool)
        assert not recites(text, "it")
