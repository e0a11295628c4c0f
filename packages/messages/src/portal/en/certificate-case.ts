export const certificateCase = {
  'certificate.caseTitle.nist-norris': 'NIST StRD Norris',
  'certificate.caseMethod.nist-norris': 'Least squares: straight line',
  'certificate.caseTitle.nist-pontius': 'NIST StRD Pontius',
  'certificate.caseMethod.nist-pontius': 'Least squares: parabola with coefficients 12 powers of ten apart',
  'certificate.caseTitle.nist-noint1': 'NIST StRD NoInt1',
  'certificate.caseMethod.nist-noint1': 'Least squares: straight line without intercept',
  'certificate.caseTitle.nist-noint2': 'NIST StRD NoInt2',
  'certificate.caseMethod.nist-noint2': 'Least squares: three points without intercept',
  'certificate.caseTitle.nist-longley': 'NIST StRD Longley',
  'certificate.caseMethod.nist-longley': 'Least squares: six nearly collinear variables',
  'certificate.caseTitle.nist-filip': 'NIST StRD Filip',
  'certificate.caseMethod.nist-filip': 'Least squares: polynomial of degree 10, condition 1.8E15',
  'certificate.caseTitle.nist-wampler1': 'NIST StRD Wampler1',
  'certificate.caseMethod.nist-wampler1': 'Least squares: polynomial of degree 5 without error',
  'certificate.caseTitle.nist-wampler2': 'NIST StRD Wampler2',
  'certificate.caseMethod.nist-wampler2': 'Least squares: polynomial of degree 5 without error',
  'certificate.caseTitle.nist-wampler3': 'NIST StRD Wampler3',
  'certificate.caseMethod.nist-wampler3': 'Least squares: polynomial of degree 5 with error',
  'certificate.caseTitle.nist-wampler4': 'NIST StRD Wampler4',
  'certificate.caseMethod.nist-wampler4': 'Least squares: polynomial of degree 5 with large error',
  'certificate.caseTitle.nist-wampler5': 'NIST StRD Wampler5',
  'certificate.caseMethod.nist-wampler5': 'Least squares: polynomial of degree 5 that explains 0.2 %',
  'certificate.caseTitle.caltrack-daily-metered': 'CalTRACK daily, metered savings',
  'certificate.caseMethod.caltrack-daily-metered':
    'Degree-day model over 1,891 pairs of balance points; FSU band at 90 %',
  'certificate.caseTitle.caltrack-billing-metered': 'CalTRACK billing, metered savings',
  'certificate.caseMethod.caltrack-billing-metered':
    'Monthly bills weighted by their days; two reporting months with temperatures, ten without',
  'certificate.caseTitle.caltrack-fixed-balance-points': 'CalTRACK daily, fixed balance points',
  'certificate.caseMethod.caltrack-fixed-balance-points':
    'Candidates and prediction of a year with 60 °F for heating and 65 °F for cooling',
  'certificate.caseTitle.caltrack-daily-modelled': 'CalTRACK daily, modelled savings',
  'certificate.caseMethod.caltrack-daily-modelled':
    'Two models at the same temperatures; bands of both, together by squares',
  'certificate.caseTitle.caltrack-billing-modelled': 'CalTRACK billing, modelled savings',
  'certificate.caseMethod.caltrack-billing-modelled':
    'Two billing models at the temperatures of a normal year',
  'certificate.caseTitle.caltrack-resampling': 'Energy is kept when it is resampled',
  'certificate.caseMethod.caltrack-resampling': 'Bills spread over hours and days keep their sum',
  'certificate.caseTitle.caltrack-metrics': 'Statistics of fit',
  'certificate.caseMethod.caltrack-metrics':
    'Observed 1, 3, 4, 1, 6; predicted 2, 3, 3, 2, 4; two parameters; 90 %',
  'certificate.caseTitle.caltrack-hourly': 'CalTRACK hourly, time of week and temperature',
  'certificate.caseMethod.caltrack-hourly':
    'Twelve three-month models with occupancy and temperature bins; metered and modelled savings',
  'certificate.caseTitle.sep-gas': 'SEP model of gas by production and heating degree days',
  'certificate.caseMethod.sep-gas':
    'Bills spread by days over months, least squares, F and t tests, range test over three years',
  'certificate.caseTitle.sep-electricity': 'SEP model of electricity by production and cooling degree days',
  'certificate.caseMethod.sep-electricity':
    'Bills spread by days over months, least squares, F and t tests, range test over three years',
  'certificate.caseTitle.sep-f-critical': 'Critical F at 12 points',
  'certificate.caseMethod.sep-f-critical': 'Quantile of the F distribution at 90 % for one to five variables',
  'certificate.caseTitle.steam-enthalpy': 'Enthalpy of water and steam',
  'certificate.caseMethod.steam-enthalpy': 'Regions 1 and 2 by temperature and pressure, kJ/kg',
  'certificate.caseTitle.steam-saturation': 'Saturation of steam',
  'certificate.caseMethod.steam-saturation':
    'Region 4: pressure in MPa by temperature, temperature in K by pressure',
} as const;
