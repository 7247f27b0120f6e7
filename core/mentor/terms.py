"""Terms: what of a text counts when it is looked for, the same for questions of a bank and for what students write.

Italian and English are folded by the same light rules, since nobody says which of the two they write: accents and
case go, the last vowel or the English plural goes (`equazioni`, `equazione`, `equations` are one term), words that
say nothing about a subject go. Heavier stemming was left out: it would make `derivata` of what is merely derived.
"""

import re
import unicodedata
from collections.abc import Iterator

MAX_SIGNS = 1_000
"""Of a written text, no more is looked for."""
MIN_STEM = 3

_MARKS = re.compile("[\u0300-\u036f]")
_TOKEN = re.compile("[a-z0-9]{2,}|[α-ω%√∫∑∞≤≥|]")
_FUNCTION = re.compile(r"(log|ln|sin|cos|tan|tg)\d+x?")
_STRETCHED = re.compile(r"([a-z])\1{2,}")

_STOP_WORDS = """
il lo la gli le un uno una dei degli delle del dello della dell di da in con su per tra fra al allo alla ai agli alle
all dal dallo dalla dai dagli dalle dall nel nello nella nei negli nelle nell sul sullo sulla sui sugli sulle sull col
coi ad ed od se ma che chi cui non ne ci vi si mi ti me te lui lei noi voi loro io tu egli ella essi esse sé gli li
questo questa questi queste quest quello quella quelli quelle quell quel quei quegli cosa cose qual quale quali quanto
quanta quanti quante come dove quando perche poiche quindi allora dunque cioe ossia oppure ovvero pero anche ancora
gia mai sempre solo soltanto proprio piu meno molto molta molti molte poco poca pochi poche tanto tanta tanti tante
troppo tutto tutta tutti tutte ogni ognuno qualche qualcosa qualcuno nessuno nessuna niente nulla altro altra altri
altre stesso stessa stessi stesse essere sono sei siamo siete era ero eri erano sia siano siamo stato stata stati
state sara sarebbe fu avere ho hai ha abbiamo avete hanno aveva avevo avevi avendo avuto abbia sto stai sta stiamo
stanno stare fare faccio fai fa facciamo fate fanno fatto fatta fatti farlo farla farli fammi posso puoi puo possiamo
potete possono potresti potrebbe potrei vorrei vorresti voglio vuoi vuole volevo devo devi deve dobbiamo dovete devono
dovrei vado vai va andare viene vengono venire dire dico dici dice detto dimmi dirmi sai so sa sapere sapresti
qui qua li la ora adesso poi prima dopo mentre durante senza contro verso presso circa siccome infatti
comunque magari forse bene male meglio peggio ok okay si no boh eh ah oh beh dai ciao salve buongiorno buonasera
buonanotte grazie prego scusa scusami scusi scusate perdona favore piacere cortesia gentilmente aiuto aiutami aiutarmi
aiutare aiuti spiega spiegami spiegarmi spieghi spiegare spiegazione spiegamelo capire capisco capito capita capisce
chiaro chiarire chiarirmi insegnami insegnarmi imparare studiare studio studiando studiato ripassare ripasso ripassiamo
risolvere risolve risolvo risolvi risolverlo risolverla risolvono svolgere svolgo svolge calcolare calcola calcolo
calcolano trovare trova trovo significa vuol definizione definire definisci concetto concetti teoria regola regole
formula formule esercizio esercizi esercitarmi problema dubbio dubbi domanda domande quesito quesiti risposta risposte
esempio esempi argomento argomenti materia materie lezione verifica verifiche interrogazione compito compiti esame
esami test quiz tolc prof professore professoressa scuola liceo universita difficile difficili facile facili domani
oggi ieri stasera settimana giorno giorni sbaglio sbagliato sbagliata sbagliare sbagliando errore errori giusto giusta
corretto ricordo ricordi ricordare serve servono usare uso usa usano funziona funzionano riesco riesci riuscire provo
provare parlami parla parlare vedere guarda mostrami fammi dammi roba modo passaggi passaggio passo nn xke xche perke
cmq qlc qlcs tt cn ke k pls plz thx tvb raga bro sn qst
the an of to in on at by for from with without into onto over under about as and or but nor so if then than that this
these those there here what which who whom whose when where why how not no yes is are was were be been being am do does
did doing done have has had having can could will would shall should may might must let lets it its he she they them
their his her hers him we us our ours you your yours my mine me i im ive dont doesnt didnt isnt cant cannot wont whats
thats some any all each every both few many much more most less least other another such same own just only very too
also again ever never always often please thanks thank hello hi hey sorry good morning evening night ok okay help
explain explanation explaining understand understanding understood know knowing teach learn learning study studying
revise revision solve solving solved find finding calculate calculating compute work works working mean means meaning
definition define concept theory rule rules formula formulas exercise exercises problem problems doubt question
questions answer answers example examples topic topics subject lesson test tests exam exams quiz teacher school
difficult hard easy tomorrow today yesterday week day days wrong mistake mistakes right correct remember use using used
need want like get got give me show tell talk say see look way thing things something anything nothing everything
really maybe between first next
chiama chiami chiamo chiamano chiamarsi nome name called tempo time ore hour testa male amico amica friend mille grande
big costa costare sei like likes film world mondo vita life casa home famiglia family soldi money mamma papa
anni year years old weather visto vista sera robot annoying annoio brother sister fratello
sorella madre padre mother father ragazza ragazzo partita
differenza differenze difference differences
piace piacciono piaceva bello bella bravo brava sento sentire credo penso pensi pensare senti
"""


def tokens(text: str) -> list[str]:
    """The words and signs of a text, folded: case, accents, raised and lowered digits (`x²` is `x2`).

    Single letters and digits are left out: they say nothing, and a text with formulas is full of them.
    """
    folded = text.casefold()
    if not folded.isascii():
        folded = _MARKS.sub("", unicodedata.normalize("NFKD", folded))
    return _TOKEN.findall(folded.replace("^", ""))


def stem(token: str) -> str:
    """The term of a token; empty for one that says nothing: a stop word, a number."""
    if token in _STOPPED or token.isdigit():
        return ""
    if function := _FUNCTION.fullmatch(token):
        return function[1]
    return token if any(map(str.isdigit, token)) else _cut(_STRETCHED.sub(r"\1\1", token))


def terms(text: str) -> list[str]:
    """The different terms of what a student wrote, in its order."""
    plain = text[:MAX_SIGNS].replace("'", " ").replace("’", " ")
    found = dict.fromkeys(stem(token) for token in tokens(plain))
    return [term for term in found if term]


def other_word(term: str) -> str | None:
    """What questions write for a term, if students write it otherwise."""
    return _OTHER_WORDS.get(term)


def _cut(word: str) -> str:
    """The word without the ending that changes with number and gender."""
    if len(word) > MIN_STEM + 1 and word[-1] == "s" and word[-2] != "s":
        word = word[:-1]
    for ending in ("ing", "ed"):
        if len(word) > len(ending) + MIN_STEM and word.endswith(ending):
            word = word[: -len(ending)]
    for vowels in ("aeiouy", "i"):
        if len(word) > MIN_STEM and word[-1] in vowels:
            word = word[:-1]
    # Italian writes an h to keep the sound before e and i: logica, logiche.
    return word[:-1] if len(word) > MIN_STEM and word[-2:] in {"ch", "gh"} else word


_OTHER_WORDS = {
    "percent": "%",
    "percentag": "%",
    "percentual": "%",
    "delta": "discriminant",
    "alfa": "α",
    "alpha": "α",
    "pitagor": "ipotenus",
    "pythagor": "hypotenus",
}
"""Terms that students write for what questions write otherwise."""
_STOPPED = frozenset(token for word in _STOP_WORDS.split() for token in tokens(word))


def trigrams(word: str) -> Iterator[str]:
    """Runs of three signs, with the beginning and the end marked."""
    marked = f"^{word}$"
    return (marked[start : start + 3] for start in range(len(marked) - 2))


def typing_errors(one: str, other: str, most: int) -> int:
    """How many signs were left out, added, changed or swapped with their neighbour; `most + 1` for more than `most`.

    Source: Damerau 1964 (these four are most typing errors), in the form of the optimal string alignment.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    above = list(range(len(other) + 1))
    for i, sign in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (sign != wanted))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
        if min(above) > most:
            return most + 1
    return min(above[-1], most + 1)
