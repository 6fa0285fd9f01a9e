/** The Retry link of a failed build: the same build again, with the same parameters and the same commit. */
package io.jenkins.plugins.minibuild.limits.retry;
