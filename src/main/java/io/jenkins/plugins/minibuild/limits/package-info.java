/**
 * Limits: slots of pools, time, disk, memory and log limits, retention, and retries. SlotPool decides which
 * ticket is next, Watchdog which limit is exceeded, RetentionPlan which files are old. The adapters connect them to builds.
 */
package io.jenkins.plugins.minibuild.limits;
