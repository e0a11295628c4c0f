export const certificateCase = {
  'certificate.caseTitle.nist-norris': 'NIST StRD Norris',
  'certificate.caseMethod.nist-norris': 'Mínimos cuadrados: recta',
  'certificate.caseTitle.nist-pontius': 'NIST StRD Pontius',
  'certificate.caseMethod.nist-pontius':
    'Mínimos cuadrados: parábola con coeficientes separados por 12 potencias de diez',
  'certificate.caseTitle.nist-noint1': 'NIST StRD NoInt1',
  'certificate.caseMethod.nist-noint1': 'Mínimos cuadrados: recta sin término independiente',
  'certificate.caseTitle.nist-noint2': 'NIST StRD NoInt2',
  'certificate.caseMethod.nist-noint2': 'Mínimos cuadrados: tres puntos sin término independiente',
  'certificate.caseTitle.nist-longley': 'NIST StRD Longley',
  'certificate.caseMethod.nist-longley': 'Mínimos cuadrados: seis variables casi colineales',
  'certificate.caseTitle.nist-filip': 'NIST StRD Filip',
  'certificate.caseMethod.nist-filip': 'Mínimos cuadrados: polinomio de grado 10, condicionamiento 1,8E15',
  'certificate.caseTitle.nist-wampler1': 'NIST StRD Wampler1',
  'certificate.caseMethod.nist-wampler1': 'Mínimos cuadrados: polinomio de grado 5 sin error',
  'certificate.caseTitle.nist-wampler2': 'NIST StRD Wampler2',
  'certificate.caseMethod.nist-wampler2': 'Mínimos cuadrados: polinomio de grado 5 sin error',
  'certificate.caseTitle.nist-wampler3': 'NIST StRD Wampler3',
  'certificate.caseMethod.nist-wampler3': 'Mínimos cuadrados: polinomio de grado 5 con error',
  'certificate.caseTitle.nist-wampler4': 'NIST StRD Wampler4',
  'certificate.caseMethod.nist-wampler4': 'Mínimos cuadrados: polinomio de grado 5 con gran error',
  'certificate.caseTitle.nist-wampler5': 'NIST StRD Wampler5',
  'certificate.caseMethod.nist-wampler5': 'Mínimos cuadrados: polinomio de grado 5 que explica el 0,2 %',
  'certificate.caseTitle.caltrack-daily-metered': 'CalTRACK diario, ahorro medido',
  'certificate.caseMethod.caltrack-daily-metered':
    'Modelo de grados-día sobre 1891 pares de temperaturas de equilibrio; banda FSU al 90 %',
  'certificate.caseTitle.caltrack-billing-metered': 'CalTRACK por facturas, ahorro medido',
  'certificate.caseMethod.caltrack-billing-metered':
    'Facturas mensuales ponderadas por sus días; dos meses de reporte con temperaturas, diez sin ellas',
  'certificate.caseTitle.caltrack-fixed-balance-points': 'CalTRACK diario, temperaturas de equilibrio fijas',
  'certificate.caseMethod.caltrack-fixed-balance-points':
    'Candidatos y predicción de un año con 60 °F en calefacción y 65 °F en refrigeración',
  'certificate.caseTitle.caltrack-daily-modelled': 'CalTRACK diario, ahorro modelizado',
  'certificate.caseMethod.caltrack-daily-modelled':
    'Dos modelos a las mismas temperaturas; las bandas de ambos, compuestas por sus cuadrados',
  'certificate.caseTitle.caltrack-billing-modelled': 'CalTRACK por facturas, ahorro modelizado',
  'certificate.caseMethod.caltrack-billing-modelled':
    'Dos modelos por facturas a las temperaturas de un año normal',
  'certificate.caseTitle.caltrack-resampling': 'La energía se conserva al remuestrear',
  'certificate.caseMethod.caltrack-resampling': 'Las facturas repartidas en horas y días conservan su suma',
  'certificate.caseTitle.caltrack-metrics': 'Estadísticos de ajuste',
  'certificate.caseMethod.caltrack-metrics':
    'Observado 1, 3, 4, 1, 6; previsto 2, 3, 3, 2, 4; dos parámetros; 90 %',
  'certificate.caseTitle.caltrack-hourly': 'CalTRACK horario, hora de la semana y temperatura',
  'certificate.caseMethod.caltrack-hourly':
    'Doce modelos de tres meses con ocupación y clases de temperatura; ahorro medido y modelizado',
  'certificate.caseTitle.sep-gas': 'Modelo SEP de gas según producción y grados-día de calefacción',
  'certificate.caseMethod.sep-gas':
    'Facturas repartidas por días en meses, mínimos cuadrados, pruebas F y t, prueba de rango en tres años',
  'certificate.caseTitle.sep-electricity':
    'Modelo SEP de electricidad según producción y grados-día de refrigeración',
  'certificate.caseMethod.sep-electricity':
    'Facturas repartidas por días en meses, mínimos cuadrados, pruebas F y t, prueba de rango en tres años',
  'certificate.caseTitle.sep-f-critical': 'F crítico con 12 puntos',
  'certificate.caseMethod.sep-f-critical': 'Cuantil de la distribución F al 90 % para una a cinco variables',
  'certificate.caseTitle.steam-enthalpy': 'Entalpía del agua y del vapor',
  'certificate.caseMethod.steam-enthalpy': 'Regiones 1 y 2 según temperatura y presión, kJ/kg',
  'certificate.caseTitle.steam-saturation': 'Saturación del vapor',
  'certificate.caseMethod.steam-saturation':
    'Región 4: presión en MPa según temperatura, temperatura en K según presión',
} as const;
