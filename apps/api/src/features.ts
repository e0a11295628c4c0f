import { AdjustmentController } from './adjustment/adjustment.controller.ts';
import { AdjustmentService } from './adjustment/adjustment.service.ts';
import { AlarmController } from './alarm/alarm.controller.ts';
import { AlarmService } from './alarm/alarm.service.ts';
import { AlarmRuleService } from './alarm/alarm-rule.service.ts';
import { ApiKeyController } from './api-key/api-key.controller.ts';
import { ApiKeyService } from './api-key/api-key.service.ts';
import { AuditController } from './audit/audit.controller.ts';
import { AuditService } from './audit/audit.service.ts';
import { DocumentService } from './audit/document.service.ts';
import { DossierController } from './audit/dossier.controller.ts';
import { DossierService } from './audit/dossier.service.ts';
import { ReissueService } from './audit/reissue.service.ts';
import { ScopeService } from './audit/scope.service.ts';
import { SendingService } from './audit/sending.service.ts';
import { SigningService } from './audit/signing.service.ts';
import { BalanceController } from './balance/balance.controller.ts';
import { BalanceService } from './balance/balance.service.ts';
import { CompletenessService } from './balance/completeness.service.ts';
import { BillController } from './bill/bill.controller.ts';
import { BillService } from './bill/bill.service.ts';
import { EnergyAccountController } from './bill/energy-account.controller.ts';
import { EnergyAccountService } from './bill/energy-account.service.ts';
import { CertificateController } from './certificate/certificate.controller.ts';
import { CertificateService } from './certificate/certificate.service.ts';
import { CommandController } from './command/command.controller.ts';
import { CommandService } from './command/command.service.ts';
import { ConfigurationController } from './configuration/configuration.controller.ts';
import { ConfigurationService } from './configuration/configuration.service.ts';
import { ConsumptionController } from './consumption/consumption.controller.ts';
import { ConsumptionService } from './consumption/consumption.service.ts';
import { DeadLetterController } from './dead-letter/dead-letter.controller.ts';
import { DeadLetterService } from './dead-letter/dead-letter.service.ts';
import { DeliveryController } from './delivery/delivery.controller.ts';
import { DeliveryService } from './delivery/delivery.service.ts';
import { DeviceCatalogueController } from './device-catalogue/device-catalogue.controller.ts';
import { DeviceProfileService } from './device-catalogue/device-profile.service.ts';
import { CandidateService } from './enpi/candidate.service.ts';
import { EnbService } from './enpi/enb.service.ts';
import { EnpiController } from './enpi/enpi.controller.ts';
import { EnpiService } from './enpi/enpi.service.ts';
import { EnpiDefinitionService } from './enpi/enpi-definition.service.ts';
import { PerformanceSumService } from './enpi/performance-sum.service.ts';
import { BundleService } from './evidence/bundle.service.ts';
import { EvidenceController } from './evidence/evidence.controller.ts';
import { EvidenceService } from './evidence/evidence.service.ts';
import { ExportController } from './export/export.controller.ts';
import { ExportService } from './export/export.service.ts';
import { FactorController } from './factor/factor.controller.ts';
import { FactorService } from './factor/factor.service.ts';
import { GatewayController } from './gateway/gateway.controller.ts';
import { GatewayService } from './gateway/gateway.service.ts';
import { HealthController } from './health/health.controller.ts';
import { HealthService } from './health/health.service.ts';
import { JobController } from './job/job.controller.ts';
import { JobService } from './job/job.service.ts';
import { LiveController } from './live/live.controller.ts';
import { LiveService } from './live/live.service.ts';
import { MeController } from './me/me.controller.ts';
import { MeService } from './me/me.service.ts';
import { MemberController } from './member/member.controller.ts';
import { MeterController } from './meter/meter.controller.ts';
import { MeterService } from './meter/meter.service.ts';
import { StatisticsService } from './meter/statistics.service.ts';
import { MeterEventController } from './meter-event/meter-event.controller.ts';
import { MeterEventService } from './meter-event/meter-event.service.ts';
import { PartialCounterService } from './meter-event/partial-counter.service.ts';
import { BillingPeriodService } from './metering/billing-period.service.ts';
import { MeteringController } from './metering/metering.controller.ts';
import { MeteringService } from './metering/metering.service.ts';
import { ObligationController } from './obligation/obligation.controller.ts';
import { ObligationService } from './obligation/obligation.service.ts';
import { PeriodController } from './period/period.controller.ts';
import { PeriodService } from './period/period.service.ts';
import { PortfolioController } from './portfolio/portfolio.controller.ts';
import { PortfolioService } from './portfolio/portfolio.service.ts';
import { RebaselineController } from './rebaseline/rebaseline.controller.ts';
import { RebaselineService } from './rebaseline/rebaseline.service.ts';
import { ReceiptController } from './receipt/receipt.controller.ts';
import { ReceiptService } from './receipt/receipt.service.ts';
import { DurationCurveService } from './series/duration-curve.service.ts';
import { HeatMapService } from './series/heat-map.service.ts';
import { SeriesController } from './series/series.controller.ts';
import { SeriesService } from './series/series.service.ts';
import { SeuController } from './seu/seu.controller.ts';
import { SeuService } from './seu/seu.service.ts';
import { LoadService } from './site/load.service.ts';
import { OverviewService } from './site/overview.service.ts';
import { SiteController } from './site/site.controller.ts';
import { SiteService } from './site/site.service.ts';
import { UsesService } from './site/uses.service.ts';
import { RetentionService } from './storage/retention.service.ts';
import { StorageController } from './storage/storage.controller.ts';
import { StorageService } from './storage/storage.service.ts';
import { StaticFactorService } from './variable/static-factor.service.ts';
import { VariableController } from './variable/variable.controller.ts';
import { VariableService } from './variable/variable.service.ts';
import { VirtualMeterController } from './virtual-meter/virtual-meter.controller.ts';
import { VirtualMeterService } from './virtual-meter/virtual-meter.service.ts';
import { WeatherController } from './weather/weather.controller.ts';
import { WeatherService } from './weather/weather.service.ts';

/** Every controller and every service of the API. */
export const features = {
  controllers: [
    // Routes are tried in this order: first those that are asked most.
    SeriesController,
    LiveController,
    AlarmController,
    PortfolioController,
    EnpiController,
    VariableController,
    RebaselineController,
    AdjustmentController,
    SeuController,
    FactorController,
    WeatherController,
    BillController,
    EnergyAccountController,
    AuditController,
    DossierController,
    ObligationController,
    ApiKeyController,
    DeadLetterController,
    DeliveryController,
    DeviceCatalogueController,
    GatewayController,
    ConfigurationController,
    CommandController,
    HealthController,
    JobController,
    MeController,
    MemberController,
    MeterController,
    MeterEventController,
    SiteController,
    MeteringController,
    BalanceController,
    CertificateController,
    ConsumptionController,
    VirtualMeterController,
    ExportController,
    StorageController,
    EvidenceController,
    PeriodController,
    ReceiptController,
  ],
  services: [
    EvidenceService,
    BundleService,
    PeriodService,
    ReceiptService,
    HealthService,
    MeService,
    SiteService,
    OverviewService,
    LoadService,
    UsesService,
    CertificateService,
    ConsumptionService,
    ExportService,
    StorageService,
    RetentionService,
    LiveService,
    MeterService,
    StatisticsService,
    MeterEventService,
    PartialCounterService,
    VirtualMeterService,
    MeteringService,
    BillingPeriodService,
    BalanceService,
    CompletenessService,
    SeriesService,
    HeatMapService,
    DurationCurveService,
    PortfolioService,
    EnpiService,
    EnpiDefinitionService,
    EnbService,
    CandidateService,
    VariableService,
    StaticFactorService,
    RebaselineService,
    AdjustmentService,
    SeuService,
    FactorService,
    WeatherService,
    PerformanceSumService,
    BillService,
    EnergyAccountService,
    DocumentService,
    AuditService,
    ScopeService,
    DossierService,
    ReissueService,
    SigningService,
    SendingService,
    ObligationService,
    JobService,
    GatewayService,
    ConfigurationService,
    CommandService,
    DeadLetterService,
    DeliveryService,
    DeviceProfileService,
    ApiKeyService,
    AlarmRuleService,
    AlarmService,
  ],
} as const;
