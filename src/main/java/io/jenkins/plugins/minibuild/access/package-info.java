/** Who may do what: the permissions of the plugin. */
package io.jenkins.plugins.minibuild.access;
