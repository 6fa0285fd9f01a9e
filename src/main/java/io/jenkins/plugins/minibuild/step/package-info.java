/**
 * What every step shares: a task that is written once, the context it runs in, and the bases of its Pipeline step and its
 * freestyle build step. Imports no capability.
 */
package io.jenkins.plugins.minibuild.step;
