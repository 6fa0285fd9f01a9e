/** The packages of a project: how they are installed, and the cache of installed packages on the agent. */
package io.jenkins.plugins.minibuild.miniprogram.dependencies;
