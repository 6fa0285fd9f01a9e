/**
 * Limits: slots of pools, time, disk, memory and log limits, retention, and retries. SlotPool holds the order of the
 * waiting, Watchdog says which limit is exceeded, RetentionPlan what is old; the adapters connect them to builds.
 */
package io.jenkins.plugins.minibuild.limits;
