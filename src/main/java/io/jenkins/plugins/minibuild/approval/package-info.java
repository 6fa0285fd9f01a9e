/** People who look at a change before it is merged: a build waits for them without a thread, and what they say belongs to exactly that change. */
package io.jenkins.plugins.minibuild.approval;
