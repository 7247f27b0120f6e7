"""What is looked at before a message goes to a model: danger, age, and what a moderation found.

Words are matched, so this works without a model and in the same moment. It errs towards danger: a scripted reply too
many is a small thing.
"""

import re
import unicodedata
from collections.abc import Collection
from datetime import date

MOST_LETTERS = 4096
CONSENT_AGE = 14
"""From here a person decides alone, in Italy: Codice Privacy art. 2-quinquies; law 132/2025 art. 4(4) for AI."""

_QUOTES = str.maketrans(dict.fromkeys("’‘ʼ´`", "'"))
_LONG = re.compile(r"(.)\1{2,}")

_IDIOMS = re.compile(
    r"\bda morire\b"
    r"|\b(?:mor(?:ire|endo|to|ta|iro|o)|muoi?o|spar(?:ire|isco)|scomparire|sotterrar\w*|uccid\w+|ammazz\w+)"
    r" (?:(?:proprio|letteralmente|quasi) )?(?:dal|dallo|dalla|dalle|dall'|di|per la|per il|per lo|a forza di) ?"
    r"(?:ridere|risat[ea]|sonno|fame|freddo|caldo|noia|sete|stanchezza|fatica|vergogna|imbarazzo|curiosita|invidia"
    r"|paura|voglia|studio|studiare|lavoro|crepacuore|gelosia)\b"
    r"|\bmi spar\w+ (?:un|una|un'|due|tre|tutt[aeio]|qualche|il|la|le|i|gli) ?\w*"
    r"|\bfarla finita con (?!la vita|tutto|me\b)"
    r"|\b(?:mi tagli\w+|tagliar\w*mi|mi (?:sono|son|ero) tagliat[ao]) (?:via )?(?:i|il|la|le|un|un po' di|l'|qualche) ?"
    r"(?:capelli|unghi[ae]|barba|baffi|ciuffo|frangia|fetta|pezzo|dito|pollice|foglio|torta)\b"
    r"|\bmi (?:sono|son|ero) tagliat[ao] (?:con (?:la carta|un foglio|il foglio)|cucinando|mentre cucin\w+|per sbaglio"
    r"|radendomi|fuori)"
    r"|\bfarmi (?:del )?male (?:a|al|alla|in|giocando|cadendo|durante)\b(?! me)"
    r"|\bkill(?:ing)? (?:-9|the|a|this|that|it|all|my (?:time|process|app|terminal))\b"
    r"|\bkill(?:ing)? myself (?:laughing|with (?:work|studying|laughter)|studying|working|over)\b"
    r"|\b(?:die|dying|died) (?:of|from|with) (?:laughter|laughing|boredom|hunger|embarrassment|curiosity|shame|cold)\b"
    r"|\b(?:die laughing|dying to|to die for)\b"
    r"|\b(?:cut|hurt)(?:ting|ing)? myself (?:shaving|cooking|on paper|on a|by accident|accidentally|playing|at|while"
    r"|during|in (?:the )?(?:gym|game|match)|some|a (?:slice|piece)|off)\b"
    r"|\b(?:[0-9][0-9., ]{0,12}|km/h |in )kms\b|\bkms (?:per|an|away|from|to)\b"
    r"|\bsuicide squad\b|\bsquadra suicida\b"
)

_WANT = (
    r"(?:voglio|vorrei|volevo|voglia di|desidero|desidererei|preferirei|preferisco|spero di|meglio|penso di"
    r"|pensato di|penso a|pensavo di|pensando di|ho deciso di|sto per|vado a|potrei|dovrei)"
)
_SELF = (
    r"(?:uccidermi|ammazzarmi|suicidarmi|impiccarmi|spararmi|tagliarmi|farla finita|farmi (?:del )?male"
    r"|togliermi (?:la vita|di mezzo)|svenarmi|avvelenarmi|soffocarmi|bruciarmi)"
)
_ELSEWHERE = (
    r"(?! (?:lontano|vicino|fuori|all'estero|insieme|da sol[ao]|far|near|abroad|alone"
    r"|(?:in|a|con|at|with|on) (?!quest|this|that|such|pain|fear)\w+))"
)
"""Where one lives, not whether."""
_CLOSE = (
    r"(?:amic[oa]|amic[ai] mi[oa]|compagn[oa]|sorella|fratello|cugin[oa]|ragazz[oa]|mamma|papa|madre|padre|tipo che"
    r" conosco|mi[oa] migliore)"
)
_DANGER = re.compile(
    rf"\b{_WANT} (?:solo |soltanto |davvero |tanto |proprio |solamente |anche )?(?:morire|crepare|essere mort[oa]"
    r"|sparire|scomparire|non esistere|smettere di (?:vivere|esistere)|non svegliarmi|non essere (?:mai )?nat[oa])\b"
    rf"|\b{_SELF}\b"
    r"|\bmi (?:uccido|uccidero|ammazzo|ammazzero|suicido|suicidero|impicco|sparo|svenero|sveno|tolgo la vita"
    r"|tolgo di mezzo|tagliuzzo)\b"
    r"|\bmi taglio\b|\bmi (?:sono|son) (?:tagliat[ao]|tagliuzzat[ao])\b|\btagliat[ao] le vene\b"
    r"|\bmi (?:faccio|sono fatt[ao]|procuro) (?:del |di nuovo del )?male (?:da sol[ao]|apposta|di proposito)\b"
    r"|\bmi (?:faccio|sono fatt[ao]) del male\b|\bautolesion\w*"
    r"|\b(?:mi butt(?:o|ero|erei)|buttarmi) (?:dal|dalla|dall'|da un|giu (?:dal|dalla|da)|sotto)"
    r"|\b(?:finirla|chiuderla) (?:qui |qua )?con (?:la vita|tutto)\b|\bfinita con (?:la vita|tutto)\b"
    r"|\bnon (?:voglio|vorrei|riesco|ho (?:piu )?(?:voglia|motiv[oi]|ragion[ei])|ce la faccio)"
    rf" (?:piu )?(?:a |di |per )?(?:vivere{_ELSEWHERE}|esistere|svegliarmi|essere viv[oa]|stare al mondo)\b"
    r"|\b(?:stanc[oa]|stuf[oa]) di (?:vivere|esistere|stare al mondo)\b"
    r"|\bvita (?:non (?:ha (?:piu )?(?:alcun |nessun )?senso|vale (?:piu )?(?:niente|nulla|la pena))|e inutile)"
    rf"|\bnon (?:ha senso|vale la pena|serve(?: a niente)?) (?:di )?vivere\b{_ELSEWHERE}"
    rf"|\b(?:che senso ha|a che serve|perche devo|perche dovrei) (?:continuare a )?(?:vivere{_ELSEWHERE}|esistere)\b"
    r"|\bse (?:io )?(?:morissi|sparissi|scomparissi|non ci fossi(?: piu)?|non esistessi)\b(?! (?:tu|stat[oa])\b)"
    r"|\b(?:meglio|felici) senza di me\b|\bnon esserci piu\b|\bvolermi uccidere\b"
    r"|\b(?:pensier[oi]|istint[oi]|tendenz[ae]) (?:suicid\w+|di morte|di suicidio)\b"
    r"|\b(?:penso|pensato|pensando|pensavo|provato|tentato) (?:al|il|di|con il|spesso al) suicidi\w+"
    r"|\bmi suicid\w+|\bcommettere (?:il )?suicidio\b"
    r"|\bmi (?:voglio|vorrei|potrei|volevo) (?:solo )?(?:uccidere|ammazzare|suicidare|tagliare|impiccare)\b"
    r"|\b(?:prend(?:o|ere|ero)|ingoi(?:o|are|ero)|mand(?:o|are) giu) (?:tutte|un sacco di|un flacone di|troppe)"
    r" (?:le |quelle )?(?:pastiglie|pillole|pasticche|compresse|medicine)\b"
    r"|\b(?:lettera|biglietto) d'addio\b|\baddio mondo\b|\bultimo giorno (?:della mia vita|che vivo)\b"
    rf"|\b{_CLOSE}\b[^.!?\n]{{0,40}}\b(?:uccidersi|suicidarsi|ammazzarsi|vuole morire|vuol morire|si taglia\b(?! i| le)"
    r"|si fa del male|farsi del male|farla finita|impiccarsi|togliersi la vita)"
    r"|\b(?:kill|killing|hang|hanging|shoot|cut|cutting|hurt|hurting|harm|harming|drown|poison|burn|burning"
    r"|starve|starving|off) myself\b|\bkms\b|\bkys\b|\bunalive\b|\bsewer ?slide\b"
    r"|\b(?:end|ending|take|taking) my (?:own )?life\b|\bend(?:ing)? it all\b"
    r"|\b(?:want|wanna|wanted|going|gonna|like|rather|ready|prefer|hope|wish i could|deserve)(?: to| i)?"
    r"(?: just| really)? (?:die|be dead|disappear|not exist|stop existing|never wake up)\b"
    r"|\bwish (?:that )?i (?:was|were|am|had been) (?:dead|never born|not alive|not here)\b"
    r"|\bwish i (?:had never been born|wasn'?t (?:alive|born|here)|weren'?t (?:alive|here)|didn'?t exist|could (?:die"
    r"|disappear))\b"
    r"|\bbetter off (?:dead|without me)\b|\bif i (?:died|was dead|were dead|disappeared|wasn'?t here|weren'?t here)\b"
    r"|\b(?:don'?t|do not|dont|never) (?:want to|wanna|want)"
    rf" (?:live{_ELSEWHERE}|be alive|be here any ?more|exist|wake up|go on living)\b"
    r"|\b(?:no|any) (?:reason|point) (?:to live|(?:in )?living|to go on living|to be alive)\b"
    r"|\b(?:tired|sick) of (?:living|being alive|life)\b|\blife (?:isn'?t|is not|ain'?t) worth\b"
    r"|\bsuicidal\b|\b(?:commit|committing|attempt|attempted|about|of|considering|consider) suicide\b(?! in| rate| by)"
    r"|\bself[- ]?harm\w*|\bslit(?:ting)? my wrists?\b|\bcut(?:ting)? my wrists?\b"
    r"|\bjump(?:ing)? (?:off|from) (?:a|the|my) (?:bridge|building|roof|balcony|window)\b|\bjump in front of\b"
    r"|\b(?:take|taking|took|swallow) (?:all|a bunch of|too many) (?:of )?(?:the |my |these )?pills\b"
    r"|\bi(?:'ll| will|'m going to| want to| could| might) overdose\b|\bsuicide note\b|\bgoodbye (?:cruel )?world\b"
    r"|\b(?:friend|brother|sister|cousin|boyfriend|girlfriend|classmate|mum|mom|dad)\b[^.!?\n]{0,40}"
    r"\b(?:kill (?:himself|herself|themselves)|suicidal|wants to die|cuts (?:himself|herself|themselves))\b"
)
_BARE_WORDS = frozenset(
    {"suicidio", "suicide", "suicidarmi", "morire", "voglio morire", "i die", "let me die", "fatemi morire"}
)

_NUMBER_WORDS = {
    word: value
    for value, words in {
        6: "sei six", 7: "sette seven", 8: "otto eight", 9: "nove nine", 10: "dieci ten", 11: "undici eleven",
        12: "dodici twelve", 13: "tredici thirteen", 14: "quattordici fourteen", 15: "quindici fifteen",
        16: "sedici sixteen", 17: "diciassette seventeen", 18: "diciotto eighteen", 19: "diciannove nineteen",
        20: "venti twenty",
    }.items()
    for word in words.split()
}  # fmt: skip
_YEARS = rf"(?P<age>[0-9]{{1,2}}|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})"
_NO_AGE_AFTER = r"(?! (?:di|fa|piu|in piu|meno|in meno|per|da|d'|prima|dopo|ago|of|more|less|older|younger|to|left)\b)"
_AGE = re.compile(
    rf"(?<!se )(?<!quando )\bho (?P<nearly>quasi )?(?:(?:gia|solo|soltanto|appena|ancora) )?"
    rf"(?:(?:compiuto|fatto) )?{_YEARS} ?anni\b{_NO_AGE_AFTER}"
    .replace("(?P<age>", "(?P<age_it>")
    + rf"|^\W*{_YEARS} ?(?:anni|years old|yo|y/o)\W*$".replace("(?P<age>", "(?P<age_bare>")
    + (
        rf"|(?<!if )(?<!when )\b(?:i'?m|i am) (?P<almost>almost |nearly )?(?:(?:only|just|still|already) )?{_YEARS}"
        r"(?= ?(?:years? old|yrs?(?: old)?|yo\b|y/o)|\W*$| ?[.!,;]| (?:and|but|so|btw)\b)"
    ).replace("(?P<age>", "(?P<age_en>")
    + rf"|\b(?:faccio|compio|faro|compiro|i'?m turning|i turn|i'?ll be|i'?ll turn) {_YEARS}(?: ?anni\b|\b)".replace(
        "(?P<age>", "(?P<age_next>"
    )
    + r"(?! (?:esercizi|quiz|domande|minuti|ore|euro|questions|minutes|hours))"
)  # fmt: skip
_YOUNGEST, _OLDEST = 5, 99

_UNSUITABLE = frozenset({"sexual", "hate/threatening", "harassment/threatening", "illicit/violent"})
"""Of the moderation's categories; violence alone is in every history book."""


def danger_in(text: str) -> bool:
    """Whether somebody speaks of dying by their own hand or of hurting themselves, or of a friend who does.

    In doubt yes, but for what everybody says: dying of laughter, an exam that kills, a process that is killed.
    """
    plain = _plain(text)
    if plain.strip(" .!?,") in _BARE_WORDS:
        return True
    return bool(_DANGER.search(_IDIOMS.sub(" ~ ", plain)))


def is_danger(categories: Collection[str]) -> bool:
    """Whether a moderation found self-harm: the scripted reply, never a generated one."""
    return any(category.replace("_", "-").startswith("self-harm") for category in categories)


def is_unsuitable(categories: Collection[str]) -> bool:
    """Whether a moderation found what is not talked about with students: sex, threats, weapons to make."""
    return any(
        category in _UNSUITABLE or category.replace("_", "/").startswith("sexual/minors") for category in categories
    )


def age_in(text: str) -> int | None:
    """The age that somebody says they have, in years; None if they say none.

    "I turn 13 in March" is 12 today, and so is "almost 13".
    """
    found = _AGE.search(_plain(text))
    if not found:
        return None
    word = next(found[name] for name in ("age_it", "age_bare", "age_en", "age_next") if found[name])
    age = int(word) if word.isdigit() else _NUMBER_WORDS[word]
    if found["age_next"] or found["nearly"] or found["almost"]:
        age -= 1
    return age if _YOUNGEST <= age <= _OLDEST else None


def may_use_model(birth_year: int | None, today: date, *, consent: bool = False) -> bool:
    """Whether a person may talk to a model: from fourteen on, or with a parent's consent.

    The year does not tell the birthday. Whoever may still be thirteen counts as under fourteen, so some who turned
    fourteen in spring wait until the last day of that year, or for consent; nobody of thirteen gets in.

    Args:
        birth_year: None if unknown: then yes, and it is for the caller to ask.
        today: The person's day.
        consent: Whether a linked parent agreed.
    """
    return consent or birth_year is None or today >= date(birth_year + CONSENT_AGE, 12, 31)


def _plain(text: str) -> str:
    """Small letters without accents, apostrophes of one kind, single blanks; three of a letter are one."""
    text = unicodedata.normalize("NFKD", text[:MOST_LETTERS].translate(_QUOTES).casefold())
    text = "".join(sign for sign in text if not unicodedata.combining(sign) and unicodedata.category(sign) != "Cf")
    return _LONG.sub(r"\1", re.sub(r"[^\S\n]+", " ", text.replace("_", " ").replace("*", "")))
