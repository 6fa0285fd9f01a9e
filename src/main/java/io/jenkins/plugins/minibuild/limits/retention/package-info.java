/** Retention: deletes old files of builds and large caches of agents. Evidence stays with its build. */
package io.jenkins.plugins.minibuild.limits.retention;
