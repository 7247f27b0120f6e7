command-exam = Una simulazione d'esame, con i tempi veri
key-exam = 🎓 Simulazioni
list-more = … { $count ->
        [one] e un'altra riga
       *[other] e altre { $count } righe
    }

# Scelta
exam-menu = <b>Quale simulazione?</b> Nella prova intera, sezioni, tempi e punteggi sono quelli dell'esame vero.
exam-menu-none = Le domande disponibili non bastano ancora per una simulazione intera.
exam-missing-title = <b>Per altri esami mancano domande</b>
exam-missing = { $exam }: { $sections }
exam-missing-section = { $section }, { $have } di { $need }
exam-go-on = ▶ Torna alla simulazione { $exam }
exam-info = <b>{ $exam }</b> · { $name }
exam-variants = Puoi farlo tutto o allenarti su una parte.
exam-whole = Intera: { $count } domande, { $time }
exam-part = { $name }: { $count } domande, { $time }
exam-part-one = { $name }: una domanda, { $time }
exam-note = ℹ️ { $note }

# Regole
exam-rules = 🎓 <b>{ $exam }</b> · { $what }
exam-rules-section = { $number }. { $section }: { $count } in { $time }
exam-rules-section-free =
    { $number }. { $section }: { $count ->
        [one] una domanda
       *[other] { $count } domande
    }
exam-rules-scoring = <b>Punti:</b> giusta { $right }, lasciata in bianco { $blank }, sbagliata { $wrong }.
exam-rules-scoring-of = <b>{ $section }:</b> giusta { $right }, in bianco { $blank }, sbagliata { $wrong }{ $apart ->
        [yes] . Non entra nel totale.
       *[other] .
    }
exam-rules-guide =
    • Ogni sezione ha il suo tempo: parte al tocco di «Comincia» e si chiude da sola alla scadenza.
    • Dentro la sezione ci si muove liberamente; una volta chiusa, non si torna indietro e il tempo avanzato si perde.
    • Mentre una sezione è in corso, quiz, indizi e spiegazioni sono chiusi, come all'esame. Il tempo non si ferma, nemmeno uscendo.
    • Fra una sezione e l'altra qui si può fare una pausa, fino a 24 ore.
exam-rules-guide-paper =
    • C'è un tempo solo, { $time }, per tutte le sezioni: parte al tocco di «Comincia», e alla scadenza la prova si chiude da sola.
    • Ci si muove liberamente fra tutte le domande, fino alla consegna.
    • Intanto quiz, indizi e spiegazioni sono chiusi, come all'esame. Il tempo non si ferma, nemmeno uscendo.
exam-rules-min = • Si può consegnare solo dopo { $time }.
exam-begin = Vai alla prova
exam-variant-full = prova intera
exam-back-to-list = ‹ Altre simulazioni

# Fra una sezione e l'altra
exam-ready = 🎓 <b>{ $exam }</b>
exam-next = <b>Adesso tocca a: { $section }</b>, { $questions ->
        [one] una domanda
       *[other] { $questions } domande
    } in { $time }.
exam-next-paper = <b>{ $questions } domande in { $time }.</b>
exam-start-hint = Il tempo parte al tocco del tasto. Si può cominciare entro: { $until }.
exam-start = ▶ Comincia: { $section }
exam-start-paper = ▶ Comincia la prova
exam-closed-section = ✓ { $section }: fatto
exam-closed-time = ⏰ { $section }: tempo scaduto
exam-leave-for-now = 🏠 Dopo
exam-give-up = Abbandona la prova
exam-give-up-sure = <b>Vuoi abbandonare la simulazione?</b> Vedrai il risultato di quello che hai fatto, ma non potrai riprenderla. Resta in elenco come abbandonata, senza contare nell'andamento.
exam-give-up-yes = Sì, abbandona
exam-give-up-no = No, torna alla prova

exam-under-way = ⏰ <b>{ $exam }</b>: il tempo scorre, fino alle { $until }.
exam-waiting = 🎓 <b>{ $exam }</b>: da continuare entro: { $until }.

# Il foglio
exam-head = <b>{ $section }</b> · { $number } di { $count } · ⏰ fino alle { $until }
exam-head-flagged = ⚑ Da rivedere
exam-flag = ⚑ Da rivedere
exam-unflag = ⚑ Togli il segno
exam-clear = ✖ Cancella
exam-hand-in = 🏁 Consegna
exam-home = 🏠 Esci
exam-passage = 📖 Leggi il brano
exam-passage-part = { $number } di { $count }
exam-grid = <b>{ $section }</b> · ⏰ fino alle { $until }
exam-grid-figures = { $answered ->
        [one] Una risposta data
       *[other] { $answered } risposte date
    } · { $blank } in bianco · ⚑ { $flagged } da rivedere
exam-grid-hint = ✓ con risposta, ⚑ da rivedere. Tocca un numero per andare alla domanda.
exam-grid-back = ‹ Alla domanda { $number }
exam-sure = <b>Vuoi consegnare { $section }?</b> Tempo che resta: { $time }. Consegnando lo perdi, e non si torna indietro.
exam-sure-blank =
    { $count ->
        [one] In bianco: <b>una</b> (domanda { $numbers })
       *[other] In bianco: <b>{ $count }</b> (domande { $numbers })
    }
exam-sure-all = Hai risposto a tutte.
exam-sure-flagged =
    { $count ->
        [one] ⚑ Da rivedere: una (domanda { $numbers })
       *[other] ⚑ Da rivedere: { $count } (domande { $numbers })
    }
exam-sure-yes = 🏁 Sì, consegna
exam-sure-no = ‹ No, continua
exam-notice-five-minutes = ⏰ <b>{ $minutes ->
        [one] Manca un minuto.
        [5] Mancano cinque minuti.
       *[other] Mancano { $minutes } minuti.
    }</b>
exam-notice-one-minute = ⏰ <b>Ultimo minuto!</b>
exam-notice-time-up = ⏰ <b>Tempo scaduto: la sezione { $section } è chiusa.</b> Le risposte già date contano.
exam-notice-time-up-paper = ⏰ <b>Tempo scaduto: la prova è chiusa.</b> Le risposte già date contano.
exam-notice-lapsed = Sono passate 24 ore e la sezione non è stata cominciata: la simulazione è chiusa, e quello che mancava vale come lasciato in bianco.

exam-why-time-up = ⏰ Tempo scaduto: questo tocco non conta.
exam-why-closed = Questa sezione è chiusa: non si torna indietro.
exam-why-not-yet = Questa sezione non è ancora cominciata.
exam-why-too-early = Non puoi ancora consegnare: si può dalle { $until }.
exam-why-another = Hai già una simulazione in corso: finiscila o abbandonala.
exam-why-completed = Questa simulazione è finita.

# Risultato
exam-result = 🎓 <b>{ $exam }</b> · { $what }
exam-result-total = <b>Punti: { $score } su { $maximum }</b>
exam-result-passed = ✅ <b>Superata</b>
exam-result-failed = ❌ <b>Non superata</b>
exam-result-abandoned = Prova abbandonata: ecco che cosa avevi fatto.
exam-result-lapsed = Prova chiusa perché una sezione non è stata cominciata entro 24 ore.
exam-result-not-begun = Prova chiusa prima di cominciare: non resta in elenco.
exam-result-section = <b>{ $section }</b>: punti { $score } su { $maximum }
exam-result-apart = <b>{ $section }</b>: punti { $score } su { $maximum }, fuori dal totale
exam-result-figures = ✓ { $right } · ✗ { $wrong } · in bianco { $blank } · ⏱ { $time }
exam-result-not-sat = sezione non svolta
exam-rule-total = { $met ->
        [yes] ✓
       *[other] ✗
    } Totale: servono { $limit }, hai { $value }
exam-rule-section = { $met ->
        [yes] ✓
       *[other] ✗
    } { $section }: servono { $limit }, hai { $value }
exam-rule-errors = { $met ->
        [yes] ✓
       *[other] ✗
    } Errori: al massimo { $limit }, ne hai { $value }
exam-destination = { $met ->
        [yes] ✓
        [no] ✗
       *[other] ·
    } { $name }: { $score } su { $maximum }
exam-destinations = <b>Con i pesi delle università</b>
exam-key-debrief = 📉 Dove sono andati i punti
exam-key-review = 🔎 Rivedi le domande
exam-key-redo =
    { $count ->
        [one] ♻️ Rifai quella sbagliata o in bianco
       *[other] ♻️ Rifai le { $count } sbagliate o in bianco
    }
exam-key-again = 🎓 Un'altra simulazione
exam-key-history = 📈 Andamento

# Dove sono andati i punti
exam-debrief = 📉 <b>Dove sono andati i punti</b>
exam-debrief-sum = Massimo { $maximum }, il tuo totale { $total }. Punti persi: <b>{ $lost }</b>.
exam-debrief-none = Nessun punto perso: prova perfetta.
exam-debrief-wrong =
    { $count ->
        [one] ✗ Una sbagliata: −{ $points }
       *[other] ✗ { $count } sbagliate: −{ $points } (in media { $each } l'una)
    }
exam-debrief-blank = ○ { $count ->
        [one] Una lasciata in bianco
       *[other] { $count } lasciate in bianco
    }: −{ $points }
exam-debrief-unreached = … { $count ->
        [one] Una mai vista
       *[other] { $count } mai viste
    }: −{ $points }
exam-debrief-sections = <b>Per sezione</b>
exam-debrief-section = { $section }: −{ $points } ({ $parts })
exam-lesson = 🎲 <b>Conviene tirare a indovinare?</b>
exam-lesson-blind-zero = A caso fra { $choices } risposte, in media non si guadagna e non si perde: è come lasciare in bianco.
exam-lesson-blind = A caso fra { $choices } risposte, in media si guadagnano { $value } punti rispetto a lasciare in bianco.
exam-lesson-one = Se riesci a escluderne una, un tentativo vale in media { $value } punti: da lì in poi conviene rispondere.
exam-lesson-own =
    { $count ->
        [one] Nella tua prova una domanda è rimasta senza risposta: escludendo una risposta avresti guadagnato in media { $worth } punti.
       *[other] Nella tua prova { $count } domande sono rimaste senza risposta: escludendo una risposta in ciascuna avresti guadagnato in media { $worth } punti.
    }
exam-lesson-rate = Risposte giuste fra quelle date: { $percent }%. Sopra il { $limit }% conviene rispondere.
exam-lesson-rate-low = Risposte giuste fra quelle date: { $percent }%. Sotto il { $limit }% si perdono punti: quando non sai escludere niente, lascia in bianco.

# Rivedere
exam-review-head = <b>{ $section }</b> · domanda { $number }
exam-review-blank = ○ <b>Lasciata in bianco</b> · ⏱ { $time }
exam-review-unreached = … <b>Mai vista.</b>
exam-review-right = ✓ <b>Giusta:</b> { $points } { $count ->
        [one] punto
       *[other] punti
    } · ⏱ { $time }
exam-review-wrong = ✗ <b>Sbagliata:</b> { $points } punti · ⏱ { $time }
exam-review-flagged = ⚑ L'avevi segnata
exam-pick-all = Tutte
exam-pick-wrong = ✗ Sbagliate
exam-pick-blank = ○ In bianco
exam-pick-flagged = ⚑ Segnate
exam-pick-this = • { $pick }
exam-back-to-result = ‹ Risultato

# Storico
exam-history = 🎓 <b>Le tue simulazioni</b>, dalla più recente.
exam-history-empty = Non hai ancora finito nessuna simulazione.
exam-history-entry = { $day } · { $exam } { $what } · { $score } su { $maximum }
exam-history-entry-full = { $day } · { $exam } · { $score } su { $maximum }
exam-history-chart = Percentuale del punteggio massimo: { $values }
exam-chart-title = { $exam }: percentuale del massimo
exam-trend-up =
    { $points ->
        [one] { $exam }, rispetto alla volta prima: <b>+1</b> punto percentuale.
       *[other] { $exam }, rispetto alla volta prima: <b>+{ $points }</b> punti percentuali.
    }
exam-trend-down =
    { $points ->
        [one] { $exam }, rispetto alla volta prima: <b>−1</b> punto percentuale.
       *[other] { $exam }, rispetto alla volta prima: <b>−{ $points }</b> punti percentuali.
    }
exam-trend-same = { $exam }: come la volta prima.
exam-trend-abandoned = abbandonata

error-not-allowed-exam-running = Durante la prova quiz, indizi e spiegazioni sono chiusi, come all'esame. Il tempo continua a scorrere.
error-not-allowed-exam-question = Questa domanda fa parte della tua simulazione: si riapre quando l'hai finita.
error-not-allowed-exam-unfinished = Il risultato si vede quando la simulazione è finita.
error-nothing-to-ask-exam = Per questa simulazione mancano domande: { $section }, { $have } di { $need }.
key-exam-history = 🎓 Simulazioni fatte
exam-rules-language = ℹ️ In italiano, come all'esame: { $sections }.
exam-rules-guide-one =
    • Il tempo parte al tocco di «Comincia»; alla scadenza la prova si chiude da sola.
    • Ci si muove liberamente fra le domande, fino alla consegna.
    • Intanto quiz, indizi e spiegazioni sono chiusi, come all'esame. Il tempo non si ferma, nemmeno uscendo.
exam-result-figures-unreached = ✓ { $right } · ✗ { $wrong } · in bianco { $blank } · mai viste { $unreached } · ⏱ { $time }
exam-debrief-apart = Fuori dal totale, e quindi da questo conto: { $sections }.
exam-lesson-free = { $sections }: qui sbagliare non costa niente, quindi mai lasciare in bianco.
exam-remark = Durante la prova non posso aiutarti: si risponde con i tasti, o scrivendo la lettera. Tempo che resta: { $time }.
