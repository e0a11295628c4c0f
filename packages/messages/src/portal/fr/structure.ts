export const structure = {
  'structure.title':
    '{meters, plural, one {# compteur} other {# compteurs}} sur {circuits, plural, one {# départ} other {# départs}}',
  'structure.allFresh': 'Tous les compteurs ont donné signe.',
  'structure.stale': '{count, plural, one {# compteur est muet} other {# compteurs sont muets}}.',
  'structure.unmeasured': '{count, plural, one {# départ sans compteur} other {# départs sans compteur}}.',
  'structure.tree': 'Zone, tableau, départ, compteur',
  'structure.basis': 'valeurs en direct, {zone}',
  'structure.rated': 'assigné {current}',
  'structure.notMeasured': 'non mesuré',
  'structure.siteMeters': 'Du site entier',
  'structure.search': 'Chercher dans l’arbre',
  'structure.none': 'Ce site n’a pas encore de zone.',
  'structure.noneText':
    'Un installateur saisit zones, tableaux et départs ; les compteurs apparaissent quand leur passerelle émet.',
  'structure.noMatch': 'Rien dans l’arbre ne s’appelle « {query} ».',
  'structure.power': 'Puissance',
  'structure.energy': 'Index',
  'structure.age': 'Âge',
  'structure.never': 'encore rien',
} as const;
