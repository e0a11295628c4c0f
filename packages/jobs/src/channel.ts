/** Redis channel that tells an organisation's open pages that a job run changed; the row in `job_run` is the truth. */
export const jobChannel = (organisationId: number): string => `job:${organisationId}`;

/** What is published: which run changed. */
export interface JobNotice {
  readonly jobRunId: string;
}
