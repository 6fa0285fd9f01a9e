/** Claude Code. */
package io.jenkins.plugins.minibuild.claude;
