# Il bot si presenta
bot-description =
    Ti alleno al TOLC, una domanda alla volta.
    Quiz con suggerimenti e spiegazioni, errori da ripassare, tutto qui in chat.
    Premi AVVIA: la prima domanda è già pronta.
bot-short-description = L'allenatore in chat per il TOLC: quiz, suggerimenti, spiegazioni.

command-start = Comincia
command-quiz = Scegli un quiz
command-resume = Riprendi da dove eri
command-pause = Ferma il tempo
command-stop = Chiudi la sessione e guarda com'è andata
command-history = I quiz fatti e come rivederli
command-settings = Lingua, esame, profilo
command-help = Che cosa so fare
command-privacy = Che cosa conservo di te

# Tasti di tutti
key-home = 🏠 Inizio
key-back = ‹ Indietro
key-quiz = 📝 Quiz
key-history = 🗂 Storico
key-settings = ⚙️ Impostazioni

# Inizio
start-hello = 👋 Ciao, sono <b>Chiron</b>: ti alleno all'esame, una domanda alla volta. Prova subito con questa.
start-again = Ci siamo già visti. Da dove cominciamo?
start-i-am-parent = 👪 Sono un genitore

home-title = <b>Da dove si riparte?</b>
home-exam = 🎯 Obiettivo: <b>{ $exam }</b>
home-exam-day = 🎯 Obiettivo: <b>{ $exam }</b>, { $day }
home-answers =
    { $count ->
        [one] Finora hai risposto a <b>una</b> domanda.
       *[other] Finora hai risposto a <b>{ $count }</b> domande.
    }
home-no-answers = Non hai ancora risposto a nessuna domanda: cinque bastano per cominciare.

ask-exam =
    Buon inizio! Tre domande su di te, poi si continua.

    <b>Per quale esame ti prepari?</b>
ask-exam-unknown = Non lo so ancora
ask-date = <b>In che mese è il tuo { $exam }?</b> Puoi anche scrivere la data, per esempio 12/02/2027.
ask-date-unknown = Non so ancora quando
ask-day = <b>Quale giorno di { $month }?</b>
ask-birth =
    Ultima: <b>in che anno sei nato o nata?</b> Lo chiedo una volta sola, perché sotto i 14 anni alcune funzioni hanno bisogno di un genitore.

    Se il tuo anno non è fra i tasti, scrivilo.
ask-birth-rather-not = Preferisco non dirlo

parent-hello =
    👪 Buongiorno! Chiron allena gli studenti all'esame: domande vere, suggerimenti prima delle soluzioni, ogni errore spiegato.

    Il messaggio con il collegamento si può inoltrare a suo figlio o a sua figlia: basta un tocco per cominciare. Intanto può provare di persona.
parent-forward =
    Ciao! Ho trovato Chiron, che allena al TOLC qui su Telegram, una domanda alla volta e con le spiegazioni. La prima domanda è già pronta: { $link }
parent-try = 📝 Provo un quiz
parent-not = 🎒 Sono uno studente

# Quiz
quiz-menu = <b>Che cosa alleniamo?</b>
quiz-no-questions = Non ci sono ancora domande: chi gestisce questo bot deve caricarne.
quiz-continue = ▶ Continua: { $mode }, { $done } di { $length }
quiz-continue-short = ▶ Continua il quiz ({ $done } di { $length })
quiz-mixed = 🔀 Un po' di tutto ({ $count })
quiz-targeted = 🎯 Scelgo la materia
quiz-mistakes = ♻️ I miei errori ({ $count })
quiz-choose-subject = <b>Quale materia?</b> Tra parentesi, quante domande ci sono.
quiz-choose-topic = <b>{ $topic }</b>: quale argomento?
quiz-whole-topic = Tutto: { $topic } ({ $count })
quiz-topic = { $topic } ({ $count })
quiz-setup =
    <b>{ $what }</b>
    { $count ->
        [0] Nessuna domanda con questa difficoltà: prova a cambiarla.
        [one] C'è una domanda.
       *[other] Ci sono { $count } domande. Quante ne vuoi?
    }
quiz-length = { $count }
quiz-difficulty = Difficoltà: { $level }
difficulty-any = tutte
difficulty-easy = facile
difficulty-medium = media
difficulty-hard = difficile
mode-mixed = Misto
mode-targeted = Per materia
mode-mistakes = Errori
mode-deck = Mazzo

quiz-head = <b>{ $number } di { $length }</b> · { $topic }
quiz-tick = <i>Le risposte giuste sono più di una: segna le lettere e conferma.</i>
quiz-confirm = ✅ Conferma ({ $count })
quiz-write-number = ✍️ <i>Scrivi il risultato in un messaggio: 0,75 e 3/4 vanno bene.</i>
quiz-write-word = ✍️ <i>Scrivi la risposta in un messaggio.</i>
quiz-hint = 💡 Indizio
quiz-hint-text = 💡 <b>Indizio { $number } di { $count }.</b> { $hint }
quiz-skip = Salta
quiz-pause = ⏸ Pausa
quiz-next = Avanti ▶
quiz-to-result = 🏁 Com'è andata
quiz-resume = ▶ Riprendi
quiz-leave = 🏁 Chiudi il quiz
quiz-paused = ⏸ <b>In pausa</b> a { $done } di { $length }. Il tempo è fermo: riprendi quando vuoi.
already-passed = Qui hai già risposto: si continua più sotto ⬇️


quiz-doubt = ⚑ La domanda è sbagliata
quiz-similar = 🔁 Ancora una simile
quiz-similar-added = Ne trovi una simile in fondo al quiz.
quiz-report-key = ⚑ Segnala
quiz-doubt-sure = <b>Segnalo la domanda?</b> Questa risposta non conterà più nei tuoi risultati.
quiz-doubt-yes = ⚑ Sì, segnala
quiz-doubt-no = No, va bene così

quiz-answer-or-remark = «{ $text }»: è la tua <b>risposta</b> o me lo stavi solo dicendo? Per ora non ho segnato niente.
quiz-my-answer = ✅ È la mia risposta: { $text }
quiz-just-talking = 💬 No, non è la risposta
quiz-no-number = «{ $text }» non lo leggo come un numero, e non ho segnato niente. Scrivi solo il risultato, per esempio 0,75 oppure 3/4.
quiz-which-number = Non vorrei leggere male: quale numero intendi?
quiz-reading = { $value }

verdict-right = ✅ <b>Giusto!</b> +{ $xp } XP
verdict-wrong = ❌ <b>Non è così.</b>
verdict-why = <b>{ $letter }:</b> { $error }
verdict-why-typed = { $error }
verdict-solution = Risposta giusta: <b>{ $answer }</b>
verdict-skipped = ⏭ <b>Saltata.</b>
verdict-voided = ⚑ <b>Segnalata.</b> Questa risposta non conta nei tuoi risultati. Grazie!
verdict-written = Hai scritto: «{ $text }»
verdict-read-as = Ho letto <b>{ $value }</b>
verdict-explanation = <b>Spiegazione</b>

quiz-result =
    🏁 <b>{ $right } { $right ->
        [one] giusta
       *[other] giuste
    } su { $answered }</b> · { $percent }%
quiz-result-empty = 🏁 <b>Quiz chiuso.</b> Nessuna risposta che conti.
quiz-result-time = ⏱ Tempo: { $time }
quiz-result-xp = ⭐ { $xp } XP
quiz-result-skipped =
    ⏭ { $count ->
        [one] Una saltata
       *[other] { $count } saltate
    }
quiz-result-stopped =
    { $count ->
        [one] Chiuso quando ne mancava una
       *[other] Chiuso quando ne mancavano { $count }
    }
quiz-result-voided =
    ⚑ { $count ->
        [one] Una segnalata, non conta
       *[other] { $count } segnalate, non contano
    }
quiz-tally = { $mark } { $topic }: { $right } di { $answered }
quiz-result-weak = <b>E adesso?</b> Il punto da rinforzare è <b>{ $topic }</b>: { $right } di { $answered }.
quiz-result-perfect = <b>Tutte giuste.</b> Prova ad alzare la difficoltà o il numero di domande.
quiz-redo-mistakes = ♻️ Rifai gli errori
quiz-train-topic = 🎯 Allena: { $topic }
quiz-another = 📝 Un altro quiz
quiz-review = 🔎 Rivedi le domande
quiz-back-to-result = ‹ Risultato

history-title = <b>I tuoi quiz</b>, dal più recente. Toccane uno per rivedere le domande.
history-empty = Non hai ancora finito nessun quiz.
history-quiz = { $day }, { $time } · { $mode } · { $right } di { $answered }

pause-nothing = Non c'è niente da mettere in pausa.
resume-nothing = Non c'è niente in sospeso. Ne cominciamo uno?

stop-title = ⏹ <b>Sessione chiusa.</b>
stop-figures =
    { $attempted ->
        [one] Una domanda, { $right ->
            [0] non giusta
           *[other] giusta
        }
       *[other] <b>{ $right } di { $attempted }</b> giuste, { $percent }%
    }
stop-time = ⏱ { $total } in tutto, { $average } a domanda
stop-subjects = 📚 { $subjects }
stop-empty = ⏹ <b>Sessione chiusa.</b> Non hai risposto a nessuna domanda.
stop-nothing = Non c'è nessuna sessione aperta.

remark = Qui rispondo solo con domande ed esercizi: per allenarti tocca Quiz. Con /help vedi tutto quello che so fare.
remark-greeting = 👋 Eccomi! Quando vuoi, si ricomincia.
cannot-read = Questo non riesco a leggerlo: capisco i messaggi scritti e i tasti. Con /help vedi che cosa so fare.
too-many-messages = Vai più veloce di me! Ho tenuto i primi messaggi e lasciato da parte gli altri: aspetta la risposta e riscrivi quello che conta.

in-group = Le lezioni si fanno a tu per tu: scrivimi in privato.
in-group-key = Apri la chat

settings-title = ⚙️ <b>Impostazioni</b>
settings-language = Lingua: { $language }
settings-role = Profilo: { $role }
settings-exam = Esame: { $exam } · data: { $day }
settings-birth = Anno di nascita: { $year }
settings-zone = Fuso orario: { $zone }
settings-unknown = da dire
settings-change-exam = 🎯 Cambia esame o data
settings-tell-birth = 🎂 Dico l'anno di nascita
language-it = 🇮🇹 Italiano
language-en = 🇬🇧 English
role-student = studente
role-parent = genitore

help =
    <b>Che cosa so fare</b>

    /quiz – scegli materia, numero di domande e difficoltà
    /resume – riprendi da dove eri
    /pause – ferma il tempo
    /stop – chiudi la sessione e guarda com'è andata
    /history – i quiz fatti, domanda per domanda
    /settings – lingua, esame, profilo
    /privacy – che cosa conservo di te

    Alle domande con le lettere si risponde con i tasti, oppure scrivendo la lettera. Se chiedono un numero o una parola, scrivila in un messaggio.
privacy =
    <b>Che cosa conservo, e perché</b>

    • Il numero della tua chat Telegram, la lingua e il fuso orario: per scriverti.
    • L'esame, la sua data e l'anno di nascita, se li dici: per allenarti nel modo giusto e rispettare le regole per chi ha meno di 14 anni. Sono dichiarati da te, nessuno li verifica.
    • Le risposte ai quiz, con il tempo e i suggerimenti usati: per i risultati e per farti ripassare gli errori.

    Non conservo il tuo nome. I messaggi vengono cancellati dal registro dopo la risposta, al più tardi dopo 48 ore; resta il testo delle risposte scritte a un quiz. Niente pubblicità, niente vendita di dati. I dati stanno solo sul server di chi gestisce questo bot: per averne una copia o farli cancellare, scrivi a chi te lo ha consigliato o lo gestisce.

apology = 😔 Qualcosa si è rotto da parte mia, mi dispiace. Quello che avevi già fatto è al sicuro. Riprova, o premi /resume; se succede ancora, il numero da segnalare è <code>{ $reference }</code>.
error-not-found = Questo tasto non vale più: ecco a che punto sei.
error-not-allowed = Questo non è permesso.
error-invalid-input = Questo valore non va bene.
error-invalid-input-exam-date = Questa data non va bene: dev'essere da oggi in poi, entro cinque anni.
error-invalid-input-birth-year = Quest'anno di nascita non mi torna: controllalo e riprova.
error-changed-meanwhile = Nel frattempo è cambiato: riprova.
error-limit-reached = Hai raggiunto un limite.
error-nothing-to-ask = Con questa scelta non ci sono domande: cambia materia o difficoltà.
error-refused = Questo non si può fare.
