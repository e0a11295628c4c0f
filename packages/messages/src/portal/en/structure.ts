export const structure = {
  'structure.title':
    '{meters, plural, one {# meter} other {# meters}} on {circuits, plural, one {# circuit} other {# circuits}}',
  'structure.allFresh': 'Every meter has reported.',
  'structure.stale': '{count, plural, one {# meter is silent} other {# meters are silent}}.',
  'structure.unmeasured': '{count, plural, one {# circuit has no meter} other {# circuits have no meter}}.',
  'structure.tree': 'Zone, panel, circuit, meter',
  'structure.basis': 'live values, {zone}',
  'structure.rated': 'rated {current}',
  'structure.notMeasured': 'not measured',
  'structure.siteMeters': 'Of the whole site',
  'structure.search': 'Find in the tree',
  'structure.none': 'This site has no zone yet.',
  'structure.noneText':
    'An installer enters zones, panels and circuits; meters appear when their gateway sends.',
  'structure.noMatch': 'Nothing in the tree is called “{query}”.',
  'structure.power': 'Power',
  'structure.energy': 'Index',
  'structure.age': 'Age',
  'structure.never': 'nothing yet',
} as const;
