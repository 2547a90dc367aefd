<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutView</name>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Made with</source>
        <translation>Gemacht mit</translation>
    </message>
    <message>
        <source>Reading the files …</source>
        <translation>Dateien werden gelesen …</translation>
    </message>
    <message>
        <source>Face detector, SHA-256 of both files</source>
        <translation>Gesichtsdetektor, SHA-256 beider Dateien</translation>
    </message>
    <message>
        <source>Shows what a face looks like it expresses, never what a person feels. Everything is computed on this computer; the program opens no connection unless you open a stream by its address or let it send readings to other programs. It is under the MIT licence.</source>
        <translation>Zeigt, was ein Gesicht auszudrücken scheint, niemals, was ein Mensch fühlt. Alles wird auf diesem Computer berechnet; das Programm baut keine Verbindung auf, außer Sie öffnen einen Stream über seine Adresse oder lassen es Ergebnisse an andere Programme senden. Es steht unter der MIT-Lizenz.</translation>
    </message>
    <message>
        <source>Read me</source>
        <translation>Liesmich</translation>
    </message>
    <message>
        <source>The model and its limits</source>
        <translation>Das Modell und seine Grenzen</translation>
    </message>
    <message>
        <source>The face detector</source>
        <translation>Der Gesichtsdetektor</translation>
    </message>
    <message>
        <source>How it is built</source>
        <translation>Wie es gebaut ist</translation>
    </message>
    <message>
        <source>Trained on: {}</source>
        <translation>Trainiert mit: {}</translation>
    </message>
    <message>
        <source>On {} test pictures it named {} of 100 right. Its settings were chosen with the same pictures, so it may read others less well.</source>
        <translation>Auf {} Testbildern benannte es {} von 100 richtig. Seine Einstellungen wurden mit denselben Bildern gewählt, andere liest es vielleicht weniger gut.</translation>
    </message>
</context>
<context>
    <name>AdjustView</name>
    <message>
        <source>Back to the defaults</source>
        <translation>Auf Standard zurücksetzen</translation>
    </message>
</context>
<context>
    <name>BarView</name>
    <message>
        <source>Pause (Space)</source>
        <translation>Pause (Leertaste)</translation>
    </message>
    <message>
        <source>Mirror the picture (M)</source>
        <translation>Bild spiegeln (M)</translation>
    </message>
    <message>
        <source>Frames and labels (L)</source>
        <translation>Rahmen und Beschriftung (L)</translation>
    </message>
    <message>
        <source>Heat map: where the model looks for the shown expression (H)</source>
        <translation>Wärmebild: worauf das Modell beim gezeigten Ausdruck achtet (H)</translation>
    </message>
    <message>
        <source>Blur faces (B)</source>
        <translation>Gesichter verwischen (B)</translation>
    </message>
    <message>
        <source>The camera is on; no picture leaves this computer.</source>
        <translation>Die Kamera ist an; kein Bild verlässt diesen Computer.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Play again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>This model brings no heat map</source>
        <translation>Dieses Modell bringt kein Wärmebild mit</translation>
    </message>
</context>
<context>
    <name>Batch</name>
    <message>
        <source>{} frames</source>
        <translation>{} Bilder</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>beginning …</source>
        <translation>beginnt …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>fehlgeschlagen</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>ausgelassen</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>abgebrochen</translation>
    </message>
</context>
<context>
    <name>BatchView</name>
    <message>
        <source>Add files …</source>
        <translation>Dateien hinzufügen …</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>Ordner hinzufügen …</translation>
    </message>
    <message>
        <source>Pause after this file</source>
        <translation>Nach dieser Datei anhalten</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>{} in the list already</source>
        <translation>{} schon in der Liste</translation>
    </message>
    <message>
        <source>{} annotated copies</source>
        <translation>{} beschriftete Kopien</translation>
    </message>
    <message>
        <source>Left out: {}.</source>
        <translation>Ausgelassen: {}.</translation>
    </message>
    <message>
        <source>Add films and pictures</source>
        <translation>Videos und Bilder hinzufügen</translation>
    </message>
    <message>
        <source>Add all films of a folder</source>
        <translation>Alle Videos eines Ordners hinzufügen</translation>
    </message>
    <message>
        <source>{} waiting</source>
        <translation>{} warten</translation>
    </message>
    <message>
        <source>{} done</source>
        <translation>{} fertig</translation>
    </message>
    <message>
        <source>{} failed</source>
        <translation>{} fehlgeschlagen</translation>
    </message>
    <message>
        <source>{} skipped</source>
        <translation>{} ausgelassen</translation>
    </message>
    <message>
        <source>{} cancelled</source>
        <translation>{} abgebrochen</translation>
    </message>
    <message>
        <source>looking for files …</source>
        <translation>Dateien werden gesucht …</translation>
    </message>
    <message>
        <source>about {} left</source>
        <translation>noch etwa {}</translation>
    </message>
</context>
<context>
    <name>ChartPanel</name>
    <message>
        <source>Face in the chart</source>
        <translation>Gesicht im Diagramm</translation>
    </message>
    <message>
        <source>Zoom in (+)</source>
        <translation>Vergrößern (+)</translation>
    </message>
    <message>
        <source>Zoom out (-)</source>
        <translation>Verkleinern (-)</translation>
    </message>
    <message>
        <source>Show the whole session (0)</source>
        <translation>Ganze Sitzung zeigen (0)</translation>
    </message>
    <message>
        <source>not read here</source>
        <translation>hier nicht gelesen</translation>
    </message>
</context>
<context>
    <name>ChartView</name>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>Expressions of the chosen face in the last minute</source>
        <translation>Ausdrücke des gewählten Gesichts in der letzten Minute</translation>
    </message>
    <message>
        <source>Expressions of the chosen face over the session</source>
        <translation>Ausdrücke des gewählten Gesichts in der Sitzung</translation>
    </message>
</context>
<context>
    <name>ChoiceField</name>
    <message>
        <source>A file of my own …</source>
        <translation>Eigene Datei …</translation>
    </message>
</context>
<context>
    <name>Emit</name>
    <message>
        <source>Begins with the next source.</source>
        <translation>Beginnt mit der nächsten Quelle.</translation>
    </message>
    <message>
        <source>Opening …</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>Sending: {}.</source>
        <translation>Sendet: {}.</translation>
    </message>
    <message>
        <source>Sending.</source>
        <translation>Sendet.</translation>
    </message>
</context>
<context>
    <name>EmitView</name>
    <message>
        <source>Send to other programs</source>
        <translation>An andere Programme senden</translation>
    </message>
    <message>
        <source>Off to begin with. While a source is open on the live page, what the faces look like is sent, never a picture; the source stays open on other pages.</source>
        <translation>Anfangs aus. Solange auf der Live-Seite eine Quelle offen ist, wird gesendet, wie die Gesichter aussehen, niemals ein Bild; die Quelle bleibt auch auf anderen Seiten offen.</translation>
    </message>
    <message>
        <source>Computer that receives OSC</source>
        <translation>Computer, der OSC empfängt</translation>
    </message>
    <message>
        <source>Port of the overlay page</source>
        <translation>Port der Overlay-Seite</translation>
    </message>
    <message>
        <source>Port that receives OSC</source>
        <translation>Port, der OSC empfängt</translation>
    </message>
    <message>
        <source>Overlay page for OBS, and JSON over WebSocket</source>
        <translation>Overlay-Seite für OBS und JSON über WebSocket</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Open Sound Control (OSC)</source>
        <translation>Open Sound Control (OSC)</translation>
    </message>
    <message>
        <source>to</source>
        <translation>an</translation>
    </message>
    <message>
        <source>Lab Streaming Layer (LSL)</source>
        <translation>Lab Streaming Layer (LSL)</translation>
    </message>
    <message>
        <source>on this computer only</source>
        <translation>nur auf diesem Computer</translation>
    </message>
    <message>
        <source>in the whole network</source>
        <translation>im ganzen Netzwerk</translation>
    </message>
    <message>
        <source>Who may listen</source>
        <translation>Wer mithören darf</translation>
    </message>
    <message>
        <source>To the overlay page, WebSocket and LSL</source>
        <translation>Bei Overlay-Seite, WebSocket und LSL</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>How many faces have a place; each keeps its own while it is in view</source>
        <translation>Wie viele Gesichter einen Platz haben; jedes behält seinen, solange es zu sehen ist</translation>
    </message>
    <message>
        <source>Address of the overlay page</source>
        <translation>Adresse der Overlay-Seite</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste it in OBS as the address of a browser source; it holds a secret</source>
        <translation>In OBS als Adresse einer Browserquelle einfügen; sie enthält ein Geheimnis</translation>
    </message>
    <message>
        <source>The same address after the next start</source>
        <translation>Nach dem nächsten Start dieselbe Adresse</translation>
    </message>
</context>
<context>
    <name>ExportModel</name>
    <message>
        <source>Wait until the export that runs is done, or cancel it.</source>
        <translation>Warten Sie, bis der laufende Export fertig ist, oder brechen Sie ihn ab.</translation>
    </message>
</context>
<context>
    <name>ExportView</name>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Write tables, charts, a report or a film (Ctrl+E)</source>
        <translation>Tabellen, Diagramme, einen Bericht oder ein Video schreiben (Strg+E)</translation>
    </message>
    <message>
        <source>Table (CSV) …</source>
        <translation>Tabelle (CSV) …</translation>
    </message>
    <message>
        <source>Table (Parquet) …</source>
        <translation>Tabelle (Parquet) …</translation>
    </message>
    <message>
        <source>Table (JSON Lines) …</source>
        <translation>Tabelle (JSON Lines) …</translation>
    </message>
    <message>
        <source>Subtitles (SRT) …</source>
        <translation>Untertitel (SRT) …</translation>
    </message>
    <message>
        <source>Chart of this face (PNG) …</source>
        <translation>Diagramm dieses Gesichts (PNG) …</translation>
    </message>
    <message>
        <source>Chart of this face (SVG) …</source>
        <translation>Diagramm dieses Gesichts (SVG) …</translation>
    </message>
    <message>
        <source>Report (HTML) …</source>
        <translation>Bericht (HTML) …</translation>
    </message>
    <message>
        <source>Film with readings (MP4) …</source>
        <translation>Video mit Ergebnissen (MP4) …</translation>
    </message>
    <message>
        <source>Only the selection</source>
        <translation>Nur die Auswahl</translation>
    </message>
</context>
<context>
    <name>Expression</name>
    <message>
        <source>angry</source>
        <translation>wütend</translation>
    </message>
    <message>
        <source>disgust</source>
        <translation>angeekelt</translation>
    </message>
    <message>
        <source>fear</source>
        <translation>ängstlich</translation>
    </message>
    <message>
        <source>happy</source>
        <translation>fröhlich</translation>
    </message>
    <message>
        <source>sad</source>
        <translation>traurig</translation>
    </message>
    <message>
        <source>surprise</source>
        <translation>überrascht</translation>
    </message>
    <message>
        <source>neutral</source>
        <translation>neutral</translation>
    </message>
    <message>
        <source>unsure</source>
        <translation>unklar</translation>
    </message>
    <message>
        <source>looks angry</source>
        <translation>sieht wütend aus</translation>
    </message>
    <message>
        <source>looks disgusted</source>
        <translation>sieht angeekelt aus</translation>
    </message>
    <message>
        <source>looks fearful</source>
        <translation>sieht ängstlich aus</translation>
    </message>
    <message>
        <source>looks happy</source>
        <translation>sieht fröhlich aus</translation>
    </message>
    <message>
        <source>looks sad</source>
        <translation>sieht traurig aus</translation>
    </message>
    <message>
        <source>looks surprised</source>
        <translation>sieht überrascht aus</translation>
    </message>
    <message>
        <source>looks neutral</source>
        <translation>sieht neutral aus</translation>
    </message>
</context>
<context>
    <name>FaceCard</name>
    <message>
        <source>Face {}</source>
        <translation>Gesicht {}</translation>
    </message>
    <message>
        <source>for {} s</source>
        <translation>seit {} s</translation>
    </message>
    <message>
        <source>not in the picture</source>
        <translation>nicht im Bild</translation>
    </message>
    <message>
        <source>Name of face {}</source>
        <translation>Name von Gesicht {}</translation>
    </message>
    <message>
        <source>Click to name this face</source>
        <translation>Klicken, um diesem Gesicht einen Namen zu geben</translation>
    </message>
    <message>
        <source>Delete this face …</source>
        <translation>Dieses Gesicht löschen …</translation>
    </message>
    <message>
        <source>Delete face {}</source>
        <translation>Gesicht {} löschen</translation>
    </message>
    <message>
        <source>read for {}, from {} to {}</source>
        <translation>{} lang gelesen, von {} bis {}</translation>
    </message>
    <message>
        <source>relative to its neutral look</source>
        <translation>im Vergleich zu seinem neutralen Blick</translation>
    </message>
</context>
<context>
    <name>FacesView</name>
    <message>
        <source>Faces that are found appear here.</source>
        <translation>Hier erscheinen Gesichter, die gefunden werden.</translation>
    </message>
    <message>
        <source>No face was read in this session.</source>
        <translation>In dieser Sitzung wurde kein Gesicht gelesen.</translation>
    </message>
    <message>
        <source>{} more faces were read for a shorter time.</source>
        <translation>{} weitere Gesichter wurden kürzer gelesen.</translation>
    </message>
</context>
<context>
    <name>FilesField</name>
    <message>
        <source>Use the shipped pair</source>
        <translation>Mitgelieferte verwenden</translation>
    </message>
    <message>
        <source>Choose two files …</source>
        <translation>Zwei Dateien wählen …</translation>
    </message>
    <message>
        <source>Architecture (*.prototxt *.txt)</source>
        <translation>Architektur (*.prototxt *.txt)</translation>
    </message>
    <message>
        <source>Weights (*.caffemodel)</source>
        <translation>Gewichte (*.caffemodel)</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>CSV, for spreadsheets</source>
        <translation>CSV, für Tabellenprogramme</translation>
    </message>
    <message>
        <source>Parquet, for data analysis</source>
        <translation>Parquet, für Datenanalyse</translation>
    </message>
    <message>
        <source>JSON Lines, for programs</source>
        <translation>JSON Lines, für Programme</translation>
    </message>
    <message>
        <source>SRT subtitles</source>
        <translation>SRT-Untertitel</translation>
    </message>
</context>
<context>
    <name>Gap</name>
    <message>
        <source>no face</source>
        <translation>kein Gesicht</translation>
    </message>
    <message>
        <source>face too small</source>
        <translation>Gesicht zu klein</translation>
    </message>
    <message>
        <source>face blurred</source>
        <translation>Gesicht unscharf</translation>
    </message>
    <message>
        <source>face deleted</source>
        <translation>Gesicht gelöscht</translation>
    </message>
</context>
<context>
    <name>LibraryModel</name>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
</context>
<context>
    <name>LibraryView</name>
    <message>
        <source>Search names, faces, markers</source>
        <translation>Namen, Gesichter, Marken suchen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search (Ctrl+F)</source>
        <translation>Suchen (Strg+F)</translation>
    </message>
    <message>
        <source>Open analysed file …</source>
        <translation>Analysierte Datei öffnen …</translation>
    </message>
    <message>
        <source>Make a session of a timeline that howifeel-video wrote (Ctrl+O)</source>
        <translation>Aus einer Tabelle von howifeel-video eine Sitzung machen (Strg+O)</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Rename …</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>Report …</source>
        <translation>Bericht …</translation>
    </message>
    <message>
        <source>Write a report about the selected sessions; several are compared</source>
        <translation>Einen Bericht über die gewählten Sitzungen schreiben; mehrere werden verglichen</translation>
    </message>
    <message>
        <source>Delete …</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>Open analysed file</source>
        <translation>Analysierte Datei öffnen</translation>
    </message>
    <message>
        <source>Timelines ({})</source>
        <translation>Tabellen ({})</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>No session yet</source>
        <translation>Noch keine Sitzung</translation>
    </message>
    <message>
        <source>Press Record on the Live page to record one: numbers only, if you like. Or open a timeline that howifeel-video or the Batch page wrote.</source>
        <translation>Drücken Sie auf der Live-Seite „Aufnehmen“, auf Wunsch nur Zahlen. Oder öffnen Sie eine Tabelle, die howifeel-video oder die Stapel-Seite geschrieben hat.</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Name of the session:</source>
        <translation>Name der Sitzung:</translation>
    </message>
    <message>
        <source>{} sessions</source>
        <translation>{} Sitzungen</translation>
    </message>
    <message>
        <source>Show the film with “{}”?</source>
        <translation>Das Video mit „{}“ zeigen?</translation>
    </message>
    <message>
        <source>Choose the film that was analysed. It stays where it is and is not copied.</source>
        <translation>Wählen Sie das Video, das analysiert wurde. Es bleibt, wo es ist, und wird nicht kopiert.</translation>
    </message>
    <message>
        <source>Choose film …</source>
        <translation>Video wählen …</translation>
    </message>
    <message>
        <source>Numbers only</source>
        <translation>Nur Zahlen</translation>
    </message>
    <message>
        <source>Choose the film</source>
        <translation>Video wählen</translation>
    </message>
    <message>
        <source>Nothing found; type fewer letters.</source>
        <translation>Nichts gefunden; tippen Sie weniger Buchstaben.</translation>
    </message>
    <message>
        <source>{} damaged sessions cannot be shown: {}</source>
        <translation>{} beschädigte Sitzungen können nicht gezeigt werden: {}</translation>
    </message>
</context>
<context>
    <name>LiveMark</name>
    <message>
        <source>A session is being recorded.</source>
        <translation>Eine Sitzung wird aufgenommen.</translation>
    </message>
    <message>
        <source>The camera is on; no picture leaves this computer.</source>
        <translation>Die Kamera ist an; kein Bild verlässt diesen Computer.</translation>
    </message>
</context>
<context>
    <name>LiveView</name>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Adjust</source>
        <translation>Anpassen</translation>
    </message>
    <message>
        <source>The film is over.</source>
        <translation>Das Video ist zu Ende.</translation>
    </message>
    <message>
        <source>Opening {} …</source>
        <translation>{} wird geöffnet …</translation>
    </message>
    <message>
        <source>Choose a camera, film or stream above and press Start.
You can also drop a film or picture here. No picture leaves this computer.</source>
        <translation>Wählen Sie oben eine Kamera, ein Video oder einen Stream und drücken Sie Start.
Sie können auch ein Video oder Bild hierher ziehen. Kein Bild verlässt diesen Computer.</translation>
    </message>
</context>
<context>
    <name>MarkersView</name>
    <message>
        <source>Markers</source>
        <translation>Marken</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>Press K to mark a moment: it becomes a line in the chart and in exports.</source>
        <translation>Mit K markieren Sie einen Moment: Er wird eine Linie im Diagramm und in Exporten.</translation>
    </message>
    <message>
        <source>Add here</source>
        <translation>Hier hinzufügen</translation>
    </message>
    <message>
        <source>Mark this moment (K)</source>
        <translation>Diesen Moment markieren (K)</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
</context>
<context>
    <name>NeutralView</name>
    <message>
        <source>Take the neutral face again</source>
        <translation>Neutrales Gesicht neu aufnehmen</translation>
    </message>
    <message>
        <source>Look neutral … {}</source>
        <translation>Neutral schauen … {}</translation>
    </message>
    <message>
        <source>Relative to neutral face</source>
        <translation>Im Vergleich zum neutralen Gesicht</translation>
    </message>
    <message>
        <source>Set neutral face</source>
        <translation>Neutrales Gesicht aufnehmen</translation>
    </message>
    <message>
        <source>Look neutral for three seconds; readings are then relative to that look.</source>
        <translation>Schauen Sie drei Sekunden lang neutral; die Ergebnisse beziehen sich dann auf diesen Blick.</translation>
    </message>
</context>
<context>
    <name>NoticeView</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>OutputsView</name>
    <message>
        <source>Annotated copy, sound kept</source>
        <translation>Beschriftete Kopie mit Ton</translation>
    </message>
    <message>
        <source>A film or picture with the readings drawn into it</source>
        <translation>Ein Video oder Bild, in das die Ergebnisse eingezeichnet sind</translation>
    </message>
    <message>
        <source>Table of the readings</source>
        <translation>Tabelle der Ergebnisse</translation>
    </message>
    <message>
        <source>No table</source>
        <translation>Keine Tabelle</translation>
    </message>
    <message>
        <source>Report with charts (HTML)</source>
        <translation>Bericht mit Diagrammen (HTML)</translation>
    </message>
    <message>
        <source>One page to read and print, without a network</source>
        <translation>Eine Seite zum Lesen und Drucken, ohne Netz</translation>
    </message>
    <message>
        <source>Folder for the results</source>
        <translation>Ordner für die Ergebnisse</translation>
    </message>
    <message>
        <source>What is written</source>
        <translation>Was geschrieben wird</translation>
    </message>
    <message>
        <source>A face that is never found stays visible: look at a result before sharing it.</source>
        <translation>Ein Gesicht, das nie gefunden wird, bleibt sichtbar: Sehen Sie sich ein Ergebnis an, bevor Sie es weitergeben.</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Zahlen</translation>
    </message>
    <message>
        <source>Where to</source>
        <translation>Wohin</translation>
    </message>
    <message>
        <source>Choose a folder …</source>
        <translation>Ordner wählen …</translation>
    </message>
    <message>
        <source>Beside each file</source>
        <translation>Neben jede Datei</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Frame and expression</source>
        <translation>Rahmen und Ausdruck</translation>
    </message>
    <message>
        <source>Bars of all expressions</source>
        <translation>Balken aller Ausdrücke</translation>
    </message>
    <message>
        <source>Faces hidden by a blur</source>
        <translation>Gesichter verwischt</translation>
    </message>
    <message>
        <source>Heat map</source>
        <translation>Wärmebild</translation>
    </message>
</context>
<context>
    <name>Places</name>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Face detector</source>
        <translation>Gesichtsdetektor</translation>
    </message>
</context>
<context>
    <name>QuestionView</name>
    <message>
        <source>Keep both</source>
        <translation>Beide behalten</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Leave these out</source>
        <translation>Diese auslassen</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>{} exists already.</source>
        <translation>{} gibt es schon.</translation>
    </message>
    <message>
        <source>{} and {} more files exist already.</source>
        <translation>{} und {} weitere Dateien gibt es schon.</translation>
    </message>
</context>
<context>
    <name>QueueView</name>
    <message>
        <source>Files to work through</source>
        <translation>Dateien in Arbeit</translation>
    </message>
    <message>
        <source>Drop films, pictures or folders here</source>
        <translation>Videos, Bilder oder Ordner hierher ziehen</translation>
    </message>
    <message>
        <source>Each one gets an annotated copy and a table, one after the other. </source>
        <translation>Jede Datei bekommt eine beschriftete Kopie und eine Tabelle, eine nach der anderen. </translation>
    </message>
    <message>
        <source>Everything is computed on this computer.</source>
        <translation>Alles wird auf diesem Computer berechnet.</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Auswerten</translation>
    </message>
    <message>
        <source>Open the folder of the results</source>
        <translation>Ordner der Ergebnisse öffnen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Written: {}</source>
        <translation>Geschrieben: {}</translation>
    </message>
</context>
<context>
    <name>RecordDialog</name>
    <message>
        <source>Record a session</source>
        <translation>Sitzung aufnehmen</translation>
    </message>
    <message>
        <source>Name of the session</source>
        <translation>Name der Sitzung</translation>
    </message>
    <message>
        <source>Everyone in the picture knows about this recording and agrees to it.</source>
        <translation>Alle im Bild wissen von dieser Aufnahme und stimmen ihr zu.</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>What to keep</source>
        <translation>Was behalten wird</translation>
    </message>
    <message>
        <source>Numbers only</source>
        <translation>Nur Zahlen</translation>
    </message>
    <message>
        <source>No picture and no sound are stored.</source>
        <translation>Weder Bild noch Ton werden gespeichert.</translation>
    </message>
    <message>
        <source>Numbers and a film with blurred faces</source>
        <translation>Zahlen und ein Video mit verwischten Gesichtern</translation>
    </message>
    <message>
        <source>Every face that is found is hidden before it is stored. Voices are kept.</source>
        <translation>Jedes gefundene Gesicht wird verborgen, bevor gespeichert wird. Stimmen bleiben erhalten.</translation>
    </message>
    <message>
        <source>Numbers and the full picture</source>
        <translation>Zahlen und das volle Bild</translation>
    </message>
    <message>
        <source>With the sound, where the source is a file.</source>
        <translation>Mit dem Ton, wenn die Quelle eine Datei ist.</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
</context>
<context>
    <name>RecordView</name>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Record a session, or end the recording (Ctrl+R)</source>
        <translation>Sitzung aufnehmen oder Aufnahme beenden (Strg+R)</translation>
    </message>
    <message>
        <source>Marker</source>
        <translation>Marke</translation>
    </message>
    <message>
        <source>Mark this moment (K)</source>
        <translation>Diesen Moment markieren (K)</translation>
    </message>
    <message>
        <source>Session %Y-%m-%d %H:%M</source>
        <translation>Sitzung %d.%m.%Y %H:%M</translation>
    </message>
    <message>
        <source>Nothing is recorded: the source was closed meanwhile.</source>
        <translation>Nichts wird aufgenommen: Die Quelle wurde inzwischen geschlossen.</translation>
    </message>
    <message>
        <source>End recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>{} pictures lost</source>
        <translation>{} Bilder verloren</translation>
    </message>
    <message>
        <source>Saved as “{}”.</source>
        <translation>Gespeichert als „{}“.</translation>
    </message>
</context>
<context>
    <name>Recording</name>
    <message>
        <source>Marker {}</source>
        <translation>Marke {}</translation>
    </message>
    <message>
        <source>The recording was ended because a setting was changed.</source>
        <translation>Die Aufnahme wurde beendet, weil eine Einstellung geändert wurde.</translation>
    </message>
</context>
<context>
    <name>Review</name>
    <message>
        <source>numbers only</source>
        <translation>nur Zahlen</translation>
    </message>
    <message>
        <source>blurred faces</source>
        <translation>verwischte Gesichter</translation>
    </message>
    <message>
        <source>full picture</source>
        <translation>volles Bild</translation>
    </message>
    <message>
        <source>1 face</source>
        <translation>1 Gesicht</translation>
    </message>
    <message>
        <source>{} faces</source>
        <translation>{} Gesichter</translation>
    </message>
    <message>
        <source>recovered</source>
        <translation>wiederhergestellt</translation>
    </message>
    <message>
        <source>Source: {}</source>
        <translation>Quelle: {}</translation>
    </message>
    <message>
        <source>Model: {}</source>
        <translation>Modell: {}</translation>
    </message>
    <message>
        <source>Detector: {}</source>
        <translation>Detektor: {}</translation>
    </message>
    <message>
        <source>Version: {}</source>
        <translation>Version: {}</translation>
    </message>
    <message>
        <source>Agreed: {}</source>
        <translation>Zugestimmt: {}</translation>
    </message>
    <message>
        <source>Face {}</source>
        <translation>Gesicht {}</translation>
    </message>
    <message>
        <source>Its numbers, names and markers are deleted.</source>
        <translation>Ihre Zahlen, Namen und Marken werden gelöscht.</translation>
    </message>
    <message>
        <source>Its numbers, names, markers and the film with blurred faces are deleted.</source>
        <translation>Ihre Zahlen, Namen, Marken und das Video mit verwischten Gesichtern werden gelöscht.</translation>
    </message>
    <message>
        <source>Its numbers, names, markers and the film with the faces are deleted.</source>
        <translation>Ihre Zahlen, Namen, Marken und das Video mit den Gesichtern werden gelöscht.</translation>
    </message>
    <message>
        <source>The file {} stays.</source>
        <translation>Die Datei {} bleibt.</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Delete “{}”?</source>
        <translation>„{}“ löschen?</translation>
    </message>
    <message>
        <source>All readings of this face and its name are deleted.</source>
        <translation>Alle Ergebnisse dieses Gesichts und sein Name werden gelöscht.</translation>
    </message>
    <message>
        <source>All readings of this face and its name are deleted; the film is blurred already.</source>
        <translation>Alle Ergebnisse dieses Gesichts und sein Name werden gelöscht; im Video ist es schon verwischt.</translation>
    </message>
    <message>
        <source>The file {} stays as it is.</source>
        <translation>Die Datei {} bleibt, wie sie ist.</translation>
    </message>
    <message>
        <source>Delete {} from this session?</source>
        <translation>{} aus dieser Sitzung löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>All readings of this face and its name are deleted, and it is blurred in the film where it was read; look through the film before you share it.</source>
        <translation>Alle Ergebnisse dieses Gesichts und sein Name werden gelöscht, und es wird im Video verwischt, wo es gelesen wurde; sehen Sie das Video durch, bevor Sie es weitergeben.</translation>
    </message>
    <message>
        <source>Replace {}?</source>
        <translation>{} ersetzen?</translation>
    </message>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>What is there now is lost. This cannot be undone.</source>
        <translation>Was jetzt dort ist, geht verloren. Das lässt sich nicht rückgängig machen.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
</context>
<context>
    <name>ReviewView</name>
    <message>
        <source>Writing {} …</source>
        <translation>{} wird geschrieben …</translation>
    </message>
    <message>
        <source>{} is written.</source>
        <translation>{} ist geschrieben.</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>Abgebrochen; nichts wurde geschrieben.</translation>
    </message>
</context>
<context>
    <name>ScrubView</name>
    <message>
        <source>Position</source>
        <translation>Position</translation>
    </message>
</context>
<context>
    <name>Sentence</name>
    <message>
        <source>The face is too small or too blurred; come closer and try again.</source>
        <translation>Das Gesicht ist zu klein oder zu unscharf; kommen Sie näher und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The face left the picture; come back and try again.</source>
        <translation>Das Gesicht hat das Bild verlassen; kommen Sie zurück und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The face moved too much; hold still and try again.</source>
        <translation>Das Gesicht hat sich zu viel bewegt; halten Sie still und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The picture stood still or jumped; try again.</source>
        <translation>Das Bild stand still oder sprang; versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>No expression is clear; the likeliest is {}.</source>
        <translation>Kein Ausdruck ist deutlich; am wahrscheinlichsten ist: {}.</translation>
    </message>
    <message>
        <source>The face is a little blurred: hold still, add light or focus the camera.</source>
        <translation>Das Gesicht ist etwas unscharf: still halten, mehr Licht oder Kamera scharf stellen.</translation>
    </message>
    <message>
        <source>The face is dark: add light from the front.</source>
        <translation>Das Gesicht ist dunkel: Licht von vorn hilft.</translation>
    </message>
    <message>
        <source>The face is small: come closer.</source>
        <translation>Das Gesicht ist klein: Kommen Sie näher.</translation>
    </message>
    <message>
        <source>The face is too blurred to read: hold still, add light or focus the camera.</source>
        <translation>Das Gesicht ist zu unscharf zum Lesen: still halten, mehr Licht oder Kamera scharf stellen.</translation>
    </message>
    <message>
        <source>The face is too bright: turn the light away or lower the exposure.</source>
        <translation>Das Gesicht ist zu hell: Licht wegdrehen oder Belichtung verringern.</translation>
    </message>
    <message>
        <source>The face is too small to read: come closer.</source>
        <translation>Das Gesicht ist zu klein zum Lesen: Kommen Sie näher.</translation>
    </message>
    <message>
        <source>This hardly looks like a face: show it whole and from the front.</source>
        <translation>Das sieht kaum wie ein Gesicht aus: Zeigen Sie es ganz und von vorn.</translation>
    </message>
    <message>
        <source>Two expressions are close: {} and {}.</source>
        <translation>Zwei Ausdrücke liegen nah beieinander: {} und {}.</translation>
    </message>
    <message>
        <source>LSL announces the stream on this computer only, but has no password and answers on every network; let a firewall keep others out.</source>
        <translation>LSL meldet den Stream nur auf diesem Computer an, hat aber kein Passwort und antwortet in jedem Netzwerk; eine Firewall hält andere fern.</translation>
    </message>
    <message>
        <source>LSL has no password: every computer in the network can read along.</source>
        <translation>LSL hat kein Passwort: Jeder Computer im Netzwerk kann mitlesen.</translation>
    </message>
    <message>
        <source>OSC has no password and is not encrypted: others in the network can read along.</source>
        <translation>OSC hat kein Passwort und ist unverschlüsselt: Andere im Netzwerk können mitlesen.</translation>
    </message>
    <message>
        <source>The connection is not encrypted: others in the network can read the address with its token and then all readings.</source>
        <translation>Die Verbindung ist unverschlüsselt: Andere im Netzwerk können die Adresse mit ihrem Geheimnis lesen und dann alles, was gesendet wird.</translation>
    </message>
</context>
<context>
    <name>SessionBar</name>
    <message>
        <source>Back to the sessions (Alt+Left)</source>
        <translation>Zurück zu den Sitzungen (Alt+Links)</translation>
    </message>
    <message>
        <source>Rename this session (F2)</source>
        <translation>Diese Sitzung umbenennen (F2)</translation>
    </message>
    <message>
        <source>Delete this session …</source>
        <translation>Diese Sitzung löschen …</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Name of the session:</source>
        <translation>Name der Sitzung:</translation>
    </message>
</context>
<context>
    <name>SessionModel</name>
    <message>
        <source>Opening …</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>Deleting “{}” …</source>
        <translation>„{}“ wird gelöscht …</translation>
    </message>
    <message>
        <source>Wait until the other face is deleted.</source>
        <translation>Warten Sie, bis das andere Gesicht gelöscht ist.</translation>
    </message>
    <message>
        <source>“{}” was not deleted, because you left.</source>
        <translation>„{}“ wurde nicht gelöscht, weil die Seite verlassen wurde.</translation>
    </message>
    <message>
        <source>“{}” was deleted before you left.</source>
        <translation>„{}“ war schon gelöscht, als die Seite verlassen wurde.</translation>
    </message>
</context>
<context>
    <name>SessionTable</name>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
</context>
<context>
    <name>SessionView</name>
    <message>
        <source>Faces</source>
        <translation>Gesichter</translation>
    </message>
    <message>
        <source>Statistics</source>
        <translation>Statistik</translation>
    </message>
    <message>
        <source>Markers</source>
        <translation>Marken</translation>
    </message>
    <message>
        <source>Marker {}</source>
        <translation>Marke {}</translation>
    </message>
    <message>
        <source>{} is no longer where it was, so only the numbers are shown.</source>
        <translation>{} liegt nicht mehr, wo es war; deshalb sind nur die Zahlen zu sehen.</translation>
    </message>
    <message>
        <source>The film of this session is lost, so only the numbers are shown.</source>
        <translation>Das Video dieser Sitzung ist verloren, daher werden nur die Zahlen gezeigt.</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>as the model says</source>
        <translation>wie das Modell vorgibt</translation>
    </message>
    <message>
        <source>Detector</source>
        <translation>Detektor</translation>
    </message>
    <message>
        <source>the name of the detector that finds the faces</source>
        <translation>der Name des Detektors, der die Gesichter findet</translation>
    </message>
    <message>
        <source>Detector files</source>
        <translation>Detektor-Dateien</translation>
    </message>
    <message>
        <source>a prototxt and a caffemodel in place of the shipped pair</source>
        <translation>ein Prototxt und ein Caffemodel statt der mitgelieferten Dateien</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>a shipped model by name, or the path of an .onnx file</source>
        <translation>ein mitgeliefertes Modell oder eine eigene .onnx-Datei</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>where the classifier runs</source>
        <translation>worauf der Klassifikator läuft</translation>
    </message>
    <message>
        <source>Face score</source>
        <translation>Gesichtsschwelle</translation>
    </message>
    <message>
        <source>the least score at which a detection counts as a face</source>
        <translation>ab welcher Punktzahl ein Fund als Gesicht gilt</translation>
    </message>
    <message>
        <source>Smallest face</source>
        <translation>Kleinstes Gesicht</translation>
    </message>
    <message>
        <source>the least height in pixels at which a face is read</source>
        <translation>ab welcher Höhe in Pixeln ein Gesicht gelesen wird</translation>
    </message>
    <message>
        <source>Least sharpness</source>
        <translation>Geringste Schärfe</translation>
    </message>
    <message>
        <source>the share of fine detail, in thousandths, below which a face is too blurred to read</source>
        <translation>unter welchem Anteil feiner Details, in Tausendsteln, ein Gesicht zu unscharf zum Lesen ist</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>the half-life of smoothing over time in seconds; 0 is none</source>
        <translation>die Halbwertszeit der zeitlichen Glättung in Sekunden; 0 ist keine</translation>
    </message>
    <message>
        <source>Hold</source>
        <translation>Beharren</translation>
    </message>
    <message>
        <source>the lead in probability that another expression needs to be shown</source>
        <translation>wie viel wahrscheinlicher ein anderer Ausdruck sein muss, um gezeigt zu werden</translation>
    </message>
    <message>
        <source>Unsure below</source>
        <translation>Unklar unter</translation>
    </message>
    <message>
        <source>the probability below which no expression is named; the model brings its own</source>
        <translation>unter welcher Wahrscheinlichkeit kein Ausdruck genannt wird; das Modell bringt seine eigene mit</translation>
    </message>
    <message>
        <source>Threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>the number of threads of the detector and of the classifier</source>
        <translation>wie viele Threads Detektor und Klassifikator benutzen</translation>
    </message>
</context>
<context>
    <name>SettingsView</name>
    <message>
        <source>Appearance</source>
        <translation>Aussehen</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>In the new language from the next start on.</source>
        <translation>In der neuen Sprache ab dem nächsten Start.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Reading faces</source>
        <translation>Gesichter lesen</translation>
    </message>
    <message>
        <source>Back to the defaults</source>
        <translation>Auf Standard zurücksetzen</translation>
    </message>
    <message>
        <source>Consent</source>
        <translation>Einwilligung</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Widerrufen</translation>
    </message>
    <message>
        <source>Everything stops, and the first screen appears again</source>
        <translation>Alles hält an, und die erste Seite erscheint wieder</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open: {}</source>
        <translation>Öffnen: {}</translation>
    </message>
    <message>
        <source>Another folder for sessions …</source>
        <translation>Anderer Ordner für Sitzungen …</translation>
    </message>
    <message>
        <source>Folder for sessions</source>
        <translation>Ordner für Sitzungen</translation>
    </message>
    <message>
        <source>New sessions go to {} from the next start on; old ones stay.</source>
        <translation>Neue Sitzungen kommen ab dem nächsten Start nach {}; alte bleiben, wo sie sind.</translation>
    </message>
    <message>
        <source>Loading …</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>You agreed to what the first screen says.</source>
        <translation>Sie haben den Hinweisen der ersten Seite zugestimmt.</translation>
    </message>
    <message>
        <source>On {} you agreed to what the first screen says.</source>
        <translation>Am {} haben Sie den Hinweisen der ersten Seite zugestimmt.</translation>
    </message>
</context>
<context>
    <name>SharesView</name>
    <message>
        <source>Bar and first number: share of the time in which the face was shown so.
Last number: mean probability over that time.</source>
        <translation>Balken und erste Zahl: Anteil der Zeit, in der das Gesicht so gezeigt wurde.
Letzte Zahl: mittlere Wahrscheinlichkeit in dieser Zeit.</translation>
    </message>
    <message>
        <source>Shares of the time</source>
        <translation>Anteile an der Zeit</translation>
    </message>
    <message>
        <source>share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>mean probability</source>
        <translation>mittlere Wahrscheinlichkeit</translation>
    </message>
</context>
<context>
    <name>Source</name>
    <message>
        <source>Test pattern</source>
        <translation>Testbild</translation>
    </message>
    <message>
        <source>Camera {}</source>
        <translation>Kamera {}</translation>
    </message>
</context>
<context>
    <name>SourceView</name>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>What to watch (Ctrl+O opens a file)</source>
        <translation>Was gezeigt wird (Strg+O öffnet eine Datei)</translation>
    </message>
    <message>
        <source>No camera found</source>
        <translation>Keine Kamera gefunden</translation>
    </message>
    <message>
        <source>Open a file …</source>
        <translation>Datei öffnen …</translation>
    </message>
    <message>
        <source>Open a URL …</source>
        <translation>URL öffnen …</translation>
    </message>
    <message>
        <source>Open a film or picture</source>
        <translation>Video oder Bild öffnen</translation>
    </message>
    <message>
        <source>Open a URL</source>
        <translation>URL öffnen</translation>
    </message>
    <message>
        <source>Address of a stream, such as rtsp://host/path:</source>
        <translation>Adresse eines Streams, etwa rtsp://host/pfad:</translation>
    </message>
    <message>
        <source>Choose a source</source>
        <translation>Quelle wählen</translation>
    </message>
</context>
<context>
    <name>StartView</name>
    <message>
        <source>I have read this, and I ask the people in the picture before I begin.</source>
        <translation>Ich habe das gelesen und frage die Menschen im Bild, bevor ich beginne.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>What a face looks like is not what a person feels</source>
        <translation>Wie ein Gesicht aussieht, ist nicht, was ein Mensch fühlt</translation>
    </message>
    <message>
        <source>HowIFeel names the expression that a face seems to show, live, and how sure </source>
        <translation>HowIFeel nennt live den Ausdruck, den ein Gesicht zu zeigen scheint, und wie sicher </translation>
    </message>
    <message>
        <source>it is. Four things before you begin:</source>
        <translation>das ist. Vier Dinge, bevor Sie beginnen:</translation>
    </message>
    <message>
        <source>An impression, often wrong</source>
        <translation>Ein Eindruck, oft falsch</translation>
    </message>
    <message>
        <source>People smile and frown for many reasons; nobody can read feelings reliably from a face alone ({}). Where it is not sure, it says “unsure”.</source>
        <translation>Menschen lächeln und runzeln die Stirn aus vielen Gründen; niemand kann Gefühle verlässlich allein am Gesicht ablesen ({}). Wo das Programm nicht sicher ist, sagt es „unklar“.</translation>
    </message>
    <message>
        <source>It stays here</source>
        <translation>Es bleibt hier</translation>
    </message>
    <message>
        <source>Everything is computed on this computer. Recording and sending are off until you turn them on. Nobody is identified.</source>
        <translation>Alles wird auf diesem Computer berechnet. Aufnehmen und Senden sind aus, bis Sie sie einschalten. Niemand wird identifiziert.</translation>
    </message>
    <message>
        <source>Ask first</source>
        <translation>Erst fragen</translation>
    </message>
    <message>
        <source>Ask everyone who will be in the picture, and the parents of children. Say what is shown and what you keep. Stop when someone wants you to.</source>
        <translation>Fragen Sie alle, die im Bild sein werden, bei Kindern die Eltern. Sagen Sie, was gezeigt wird und was Sie behalten. Hören Sie auf, wenn jemand das möchte.</translation>
    </message>
    <message>
        <source>Not at work, not at school</source>
        <translation>Nicht bei der Arbeit, nicht in der Schule</translation>
    </message>
    <message>
        <source>The EU prohibits inferring the emotions of people at work and in education (AI Act, Art. 5(1)(f)). Elsewhere those exposed must be told (Art. 50(3)). This is no legal advice.</source>
        <translation>Die EU verbietet es, Emotionen am Arbeitsplatz und in Bildungseinrichtungen abzuleiten (KI-Verordnung, Art. 5 Abs. 1 Buchst. f). Anderswo müssen Betroffene informiert werden (Art. 50 Abs. 3). Dies ist keine Rechtsberatung.</translation>
    </message>
</context>
<context>
    <name>StatisticsView</name>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Give up the selection (Esc)</source>
        <translation>Auswahl aufheben (Esc)</translation>
    </message>
    <message>
        <source>Drag over the chart, or press I and O while it plays, to select a stretch.</source>
        <translation>Ziehen Sie über das Diagramm oder drücken Sie beim Abspielen I und O, um einen Abschnitt zu wählen.</translation>
    </message>
    <message>
        <source>No face</source>
        <translation>Kein Gesicht</translation>
    </message>
    <message>
        <source>{} to {} ({})</source>
        <translation>{} bis {} ({})</translation>
    </message>
    <message>
        <source>The whole session</source>
        <translation>Die ganze Sitzung</translation>
    </message>
    <message>
        <source>This face was not read here.</source>
        <translation>Dieses Gesicht wurde hier nicht gelesen.</translation>
    </message>
    <message>
        <source>Read for {} of {}.</source>
        <translation>{} von {} gelesen.</translation>
    </message>
    <message>
        <source>Gap, {}: {}.</source>
        <translation>Lücke, {}: {}.</translation>
    </message>
    <message>
        <source>Thin lines are 95 % intervals (block bootstrap over seconds).</source>
        <translation>Dünne Linien sind 95-%-Intervalle (Block-Bootstrap über Sekunden).</translation>
    </message>
    <message>
        <source>No intervals: a face has to be read for at least {} seconds.</source>
        <translation>Keine Intervalle: Ein Gesicht muss mindestens {} Sekunden lang gelesen werden.</translation>
    </message>
</context>
<context>
    <name>StatusView</name>
    <message>
        <source>Review it</source>
        <translation>Auswerten</translation>
    </message>
    <message>
        <source>sending: {}</source>
        <translation>sendet: {}</translation>
    </message>
    <message>
        <source>own model</source>
        <translation>eigenes Modell</translation>
    </message>
    <message>
        <source>own face detector</source>
        <translation>eigener Detektor</translation>
    </message>
    <message>
        <source>What does not ship with HowIFeel is not covered by its model cards.</source>
        <translation>Was nicht zu HowIFeel gehört, ist in dessen Modellkarten nicht beschrieben.</translation>
    </message>
    <message>
        <source>source {} fps</source>
        <translation>Quelle {} B/s</translation>
    </message>
    <message>
        <source>analysed {} fps</source>
        <translation>gelesen {} B/s</translation>
    </message>
    <message>
        <source>grab to screen {} ms</source>
        <translation>Aufnahme bis Anzeige {} ms</translation>
    </message>
    <message>
        <source>{} dropped</source>
        <translation>{} verworfen</translation>
    </message>
</context>
<context>
    <name>TableModel</name>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Rest</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>{} fps</source>
        <translation>{} B/s</translation>
    </message>
</context>
<context>
    <name>TransportView</name>
    <message>
        <source>One frame back (Left)</source>
        <translation>Ein Bild zurück (Links)</translation>
    </message>
    <message>
        <source>Play or pause (Space)</source>
        <translation>Abspielen oder anhalten (Leertaste)</translation>
    </message>
    <message>
        <source>One frame forward (Right)</source>
        <translation>Ein Bild vor (Rechts)</translation>
    </message>
    <message>
        <source>Mark this moment (K)</source>
        <translation>Diesen Moment markieren (K)</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Speed ([ slower, ] faster)</source>
        <translation>Tempo ([ langsamer, ] schneller)</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
</context>
<context>
    <name>VideoView</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Live</source>
        <translation>Live</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Auswertung</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Stapel</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Optionen</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
</context>
<context>
    <name>_Entry</name>
    <message>
        <source>Draw this curve, or leave it out</source>
        <translation>Diese Kurve zeichnen oder weglassen</translation>
    </message>
</context>
</TS>
