/** People review a change before it is merged: the build waits without a thread, and a verdict is bound to the digest of the diff. */
package io.jenkins.plugins.minibuild.approval;
