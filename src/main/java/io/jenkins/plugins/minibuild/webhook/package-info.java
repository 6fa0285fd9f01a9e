/** Webhooks: what a push or a merge request on Gitee, GitHub, GitLab or Azure DevOps starts. */
package io.jenkins.plugins.minibuild.webhook;
