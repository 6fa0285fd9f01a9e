/** Checking out a repository of Gitee, GitHub, GitLab or any git server into the workspace, from a mirror on the agent when it is warm. */
package io.jenkins.plugins.minibuild.checkout;
