/** Who may do what: the permissions of the plugin, and the policies that no Jenkinsfile weakens. */
package io.jenkins.plugins.minibuild.access;
