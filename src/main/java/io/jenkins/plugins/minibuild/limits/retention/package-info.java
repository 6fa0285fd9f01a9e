/** What builds left and how long it is kept: what is old is removed, the newest and the evidence stay. */
package io.jenkins.plugins.minibuild.limits.retention;
