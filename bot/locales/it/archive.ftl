# Perché risponde l'archivio: una ragione per ciascuno, e che cosa è
archive-why-no-model =
    📚 Non sono collegato a un'intelligenza artificiale: cerco nell'archivio delle domande, con i loro indizi e le soluzioni svolte.
archive-why-model-away =
    📚 Il mentore adesso non risponde: tra un po' si può riprovare, e a te non costa nulla. Intanto ho cercato nell'archivio delle domande, senza intelligenza artificiale.
archive-why-cap-student =
    📚 Per oggi i messaggi al mentore sono finiti: il mentore torna domani. Gli esercizi continuano, e intanto ho cercato nell'archivio delle domande, senza intelligenza artificiale.
archive-why-cap-operator =
    📚 Per oggi il mentore ha esaurito il suo tempo per tutti: è di nuovo qui domani. Gli esercizi continuano, e intanto ho cercato nell'archivio delle domande, senza intelligenza artificiale.
archive-why-under-14 =
    📚 Sotto i 14 anni per il mentore con l'intelligenza artificiale serve il consenso di un genitore, che qui non si può ancora dare. Intanto c'è l'archivio delle domande, con i loro indizi e le soluzioni svolte.
archive-why-age-unknown =
    📚 Prima di risponderti con l'intelligenza artificiale devo sapere in che anno sei nato o nata: sotto i 14 anni serve il consenso di un genitore, che qui non si può ancora dare. Se preferisci non dirlo va bene: cerco nell'archivio delle domande.
archive-why-parent =
    📚 Il mentore con l'intelligenza artificiale risponde solo a chi studia. Qui c'è l'archivio delle domande, con i loro indizi e le soluzioni svolte.
archive-why-unsuitable =
    📚 A questo messaggio il mentore non può rispondere. Ho cercato nell'archivio delle domande, senza intelligenza artificiale.
archive-why-gave-away =
    📚 Stavo per dirti troppo: prima provaci tu. Intanto ecco un indizio dall'archivio delle domande.

# Che cosa ha trovato
archive-topic = L'argomento più vicino: <b>{ $topic }</b>
archive-example = <b>Un esempio</b> · { $topic }
archive-this = <b>La domanda a cui stai rispondendo</b>: per ora solo un indizio, la soluzione dopo la risposta.
archive-this-parent = <b>La domanda a cui sta rispondendo</b>: per ora solo un indizio, la soluzione dopo la risposta.
archive-this-bare = <b>La domanda a cui stai rispondendo</b>: non ha indizi, e la soluzione arriva dopo la risposta.
archive-this-bare-parent = <b>La domanda a cui sta rispondendo</b>: non ha indizi, e la soluzione arriva dopo la risposta.
archive-about = <b>Questa domanda</b> · { $topic }
archive-hint = 💡 <b>Indizio { $number }</b>
archive-solution = ✅ <b>Soluzione</b>
archive-answer = Risposta: { $answer }
archive-nothing = Su questo non ho trovato nulla. Prova con una parola dell'argomento, per esempio «logaritmi».
archive-nothing-parent = Su questo non ho trovato nulla. Provi con una parola dell'argomento, per esempio «logaritmi».
archive-subjects = Le materie che ho: { $subjects }.
archive-empty = Non ci sono ancora domande in archivio.

# Tasti
archive-practise = 🎯 Esercizi: { $topic }
archive-another = 🔎 Un altro esempio
