/** Webhooks: calls of Gitee, GitHub, GitLab and Azure DevOps start jobs. */
package io.jenkins.plugins.minibuild.webhook;
