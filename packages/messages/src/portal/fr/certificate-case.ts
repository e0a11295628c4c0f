export const certificateCase = {
  'certificate.caseTitle.nist-norris': 'NIST StRD Norris',
  'certificate.caseMethod.nist-norris': 'Moindres carrés : droite',
  'certificate.caseTitle.nist-pontius': 'NIST StRD Pontius',
  'certificate.caseMethod.nist-pontius':
    'Moindres carrés : parabole dont les coefficients diffèrent de 12 puissances de dix',
  'certificate.caseTitle.nist-noint1': 'NIST StRD NoInt1',
  'certificate.caseMethod.nist-noint1': 'Moindres carrés : droite sans ordonnée à l’origine',
  'certificate.caseTitle.nist-noint2': 'NIST StRD NoInt2',
  'certificate.caseMethod.nist-noint2': 'Moindres carrés : trois points sans ordonnée à l’origine',
  'certificate.caseTitle.nist-longley': 'NIST StRD Longley',
  'certificate.caseMethod.nist-longley': 'Moindres carrés : six variables presque colinéaires',
  'certificate.caseTitle.nist-filip': 'NIST StRD Filip',
  'certificate.caseMethod.nist-filip': 'Moindres carrés : polynôme de degré 10, conditionnement 1,8E15',
  'certificate.caseTitle.nist-wampler1': 'NIST StRD Wampler1',
  'certificate.caseMethod.nist-wampler1': 'Moindres carrés : polynôme de degré 5 sans erreur',
  'certificate.caseTitle.nist-wampler2': 'NIST StRD Wampler2',
  'certificate.caseMethod.nist-wampler2': 'Moindres carrés : polynôme de degré 5 sans erreur',
  'certificate.caseTitle.nist-wampler3': 'NIST StRD Wampler3',
  'certificate.caseMethod.nist-wampler3': 'Moindres carrés : polynôme de degré 5 avec erreur',
  'certificate.caseTitle.nist-wampler4': 'NIST StRD Wampler4',
  'certificate.caseMethod.nist-wampler4': 'Moindres carrés : polynôme de degré 5 avec forte erreur',
  'certificate.caseTitle.nist-wampler5': 'NIST StRD Wampler5',
  'certificate.caseMethod.nist-wampler5': 'Moindres carrés : polynôme de degré 5 qui explique 0,2 %',
  'certificate.caseTitle.caltrack-daily-metered': 'CalTRACK journalier, économies mesurées',
  'certificate.caseMethod.caltrack-daily-metered':
    'Modèle en degrés-jours sur 1\u202f891 paires de points d’équilibre ; bande FSU à 90 %',
  'certificate.caseTitle.caltrack-billing-metered': 'CalTRACK par factures, économies mesurées',
  'certificate.caseMethod.caltrack-billing-metered':
    'Factures mensuelles pondérées par leurs jours ; deux mois de suivi avec températures, dix sans',
  'certificate.caseTitle.caltrack-fixed-balance-points': 'CalTRACK journalier, points d’équilibre fixés',
  'certificate.caseMethod.caltrack-fixed-balance-points':
    'Candidats et prévision d’une année avec 60 °F en chauffage et 65 °F en refroidissement',
  'certificate.caseTitle.caltrack-daily-modelled': 'CalTRACK journalier, économies modélisées',
  'certificate.caseMethod.caltrack-daily-modelled':
    'Deux modèles aux mêmes températures ; bandes des deux, composées par leurs carrés',
  'certificate.caseTitle.caltrack-billing-modelled': 'CalTRACK par factures, économies modélisées',
  'certificate.caseMethod.caltrack-billing-modelled':
    'Deux modèles par factures aux températures d’une année normale',
  'certificate.caseTitle.caltrack-resampling': 'L’énergie est conservée au rééchantillonnage',
  'certificate.caseMethod.caltrack-resampling':
    'Des factures réparties sur les heures et les jours gardent leur somme',
  'certificate.caseTitle.caltrack-metrics': 'Statistiques d’ajustement',
  'certificate.caseMethod.caltrack-metrics':
    'Observé 1, 3, 4, 1, 6 ; prévu 2, 3, 3, 2, 4 ; deux paramètres ; 90 %',
  'certificate.caseTitle.caltrack-hourly': 'CalTRACK horaire, heure de la semaine et température',
  'certificate.caseMethod.caltrack-hourly':
    'Douze modèles de trois mois avec occupation et classes de température ; économies mesurées et modélisées',
  'certificate.caseTitle.sep-gas': 'Modèle SEP du gaz par la production et les degrés-jours de chauffage',
  'certificate.caseMethod.sep-gas':
    'Factures réparties par jour sur les mois, moindres carrés, tests F et t, test de domaine sur trois ans',
  'certificate.caseTitle.sep-electricity':
    'Modèle SEP de l’électricité par la production et les degrés-jours de refroidissement',
  'certificate.caseMethod.sep-electricity':
    'Factures réparties par jour sur les mois, moindres carrés, tests F et t, test de domaine sur trois ans',
  'certificate.caseTitle.sep-f-critical': 'F critique pour 12 points',
  'certificate.caseMethod.sep-f-critical': 'Quantile de la loi F à 90 % pour une à cinq variables',
  'certificate.caseTitle.steam-enthalpy': 'Enthalpie de l’eau et de la vapeur',
  'certificate.caseMethod.steam-enthalpy': 'Régions 1 et 2 selon la température et la pression, kJ/kg',
  'certificate.caseTitle.steam-saturation': 'Saturation de la vapeur',
  'certificate.caseMethod.steam-saturation':
    'Région 4 : pression en MPa selon la température, température en K selon la pression',
} as const;
