/**
 * The base of all steps: the task, the context it runs in, and the base classes of the Pipeline step and the freestyle build step. It imports
 * no capability.
 */
package io.jenkins.plugins.minibuild.step;
