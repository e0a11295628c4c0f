export const certificateCase = {
  'certificate.caseTitle.nist-norris': 'NIST StRD Norris',
  'certificate.caseMethod.nist-norris': 'Kleinste Quadrate: Gerade',
  'certificate.caseTitle.nist-pontius': 'NIST StRD Pontius',
  'certificate.caseMethod.nist-pontius':
    'Kleinste Quadrate: Parabel, deren Koeffizienten um 12 Zehnerpotenzen auseinanderliegen',
  'certificate.caseTitle.nist-noint1': 'NIST StRD NoInt1',
  'certificate.caseMethod.nist-noint1': 'Kleinste Quadrate: Gerade ohne Achsenabschnitt',
  'certificate.caseTitle.nist-noint2': 'NIST StRD NoInt2',
  'certificate.caseMethod.nist-noint2': 'Kleinste Quadrate: drei Punkte ohne Achsenabschnitt',
  'certificate.caseTitle.nist-longley': 'NIST StRD Longley',
  'certificate.caseMethod.nist-longley': 'Kleinste Quadrate: sechs fast kollineare Variablen',
  'certificate.caseTitle.nist-filip': 'NIST StRD Filip',
  'certificate.caseMethod.nist-filip': 'Kleinste Quadrate: Polynom 10. Grades, Kondition 1,8E15',
  'certificate.caseTitle.nist-wampler1': 'NIST StRD Wampler1',
  'certificate.caseMethod.nist-wampler1': 'Kleinste Quadrate: Polynom 5. Grades ohne Fehler',
  'certificate.caseTitle.nist-wampler2': 'NIST StRD Wampler2',
  'certificate.caseMethod.nist-wampler2': 'Kleinste Quadrate: Polynom 5. Grades ohne Fehler',
  'certificate.caseTitle.nist-wampler3': 'NIST StRD Wampler3',
  'certificate.caseMethod.nist-wampler3': 'Kleinste Quadrate: Polynom 5. Grades mit Fehler',
  'certificate.caseTitle.nist-wampler4': 'NIST StRD Wampler4',
  'certificate.caseMethod.nist-wampler4': 'Kleinste Quadrate: Polynom 5. Grades mit großem Fehler',
  'certificate.caseTitle.nist-wampler5': 'NIST StRD Wampler5',
  'certificate.caseMethod.nist-wampler5': 'Kleinste Quadrate: Polynom 5. Grades, das 0,2 % erklärt',
  'certificate.caseTitle.caltrack-daily-metered': 'CalTRACK täglich, gemessene Einsparung',
  'certificate.caseMethod.caltrack-daily-metered':
    'Gradtagmodell über 1\u202f891 Paare von Heiz- und Kühlgrenzen; FSU-Band bei 90 %',
  'certificate.caseTitle.caltrack-billing-metered': 'CalTRACK mit Rechnungen, gemessene Einsparung',
  'certificate.caseMethod.caltrack-billing-metered':
    'Monatsrechnungen, nach Tagen gewichtet; zwei Berichtsmonate mit Temperaturen, zehn ohne',
  'certificate.caseTitle.caltrack-fixed-balance-points': 'CalTRACK täglich, feste Heiz- und Kühlgrenzen',
  'certificate.caseMethod.caltrack-fixed-balance-points':
    'Kandidaten und Vorhersage eines Jahres mit 60 °F für Heizung und 65 °F für Kühlung',
  'certificate.caseTitle.caltrack-daily-modelled': 'CalTRACK täglich, modellierte Einsparung',
  'certificate.caseMethod.caltrack-daily-modelled':
    'Zwei Modelle bei denselben Temperaturen; beider Bänder, quadratisch zusammengefasst',
  'certificate.caseTitle.caltrack-billing-modelled': 'CalTRACK mit Rechnungen, modellierte Einsparung',
  'certificate.caseMethod.caltrack-billing-modelled':
    'Zwei Rechnungsmodelle bei den Temperaturen eines Normaljahrs',
  'certificate.caseTitle.caltrack-resampling': 'Energie bleibt beim Umrechnen der Intervalle erhalten',
  'certificate.caseMethod.caltrack-resampling':
    'Auf Stunden und Tage verteilte Rechnungen behalten ihre Summe',
  'certificate.caseTitle.caltrack-metrics': 'Statistik der Anpassung',
  'certificate.caseMethod.caltrack-metrics':
    'Beobachtet 1, 3, 4, 1, 6; vorhergesagt 2, 3, 3, 2, 4; zwei Parameter; 90 %',
  'certificate.caseTitle.caltrack-hourly': 'CalTRACK stündlich, Wochenstunde und Temperatur',
  'certificate.caseMethod.caltrack-hourly':
    'Zwölf Dreimonatsmodelle mit Belegung und Temperaturklassen; gemessene und modellierte Einsparung',
  'certificate.caseTitle.sep-gas': 'SEP-Modell für Gas nach Produktion und Heizgradtagen',
  'certificate.caseMethod.sep-gas':
    'Rechnungen tageweise auf Monate verteilt, kleinste Quadrate, F- und t-Tests, Bereichstest über drei Jahre',
  'certificate.caseTitle.sep-electricity': 'SEP-Modell für Strom nach Produktion und Kühlgradtagen',
  'certificate.caseMethod.sep-electricity':
    'Rechnungen tageweise auf Monate verteilt, kleinste Quadrate, F- und t-Tests, Bereichstest über drei Jahre',
  'certificate.caseTitle.sep-f-critical': 'Kritisches F bei 12 Punkten',
  'certificate.caseMethod.sep-f-critical': 'Quantil der F-Verteilung bei 90 % für eine bis fünf Variablen',
  'certificate.caseTitle.steam-enthalpy': 'Enthalpie von Wasser und Dampf',
  'certificate.caseMethod.steam-enthalpy': 'Bereiche 1 und 2 nach Temperatur und Druck, kJ/kg',
  'certificate.caseTitle.steam-saturation': 'Sättigung von Dampf',
  'certificate.caseMethod.steam-saturation':
    'Bereich 4: Druck in MPa nach Temperatur, Temperatur in K nach Druck',
} as const;
