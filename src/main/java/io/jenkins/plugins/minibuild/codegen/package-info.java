/** From a requirement to a branch: what Claude is told, what of its changes may be pushed, and how they are. */
package io.jenkins.plugins.minibuild.codegen;
