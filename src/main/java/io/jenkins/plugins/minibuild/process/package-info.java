/**
 * Running commands on an agent: with a deadline, with secrets kept out of what is shown, and without leaving a process
 * behind. Imports no capability.
 */
package io.jenkins.plugins.minibuild.process;
