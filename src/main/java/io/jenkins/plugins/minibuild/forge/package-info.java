/** What the services that host repositories say over their REST APIs: Gitee, GitHub and GitLab, self-hosted ones included. */
package io.jenkins.plugins.minibuild.forge;
