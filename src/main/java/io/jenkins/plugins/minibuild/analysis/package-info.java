/** Claude reads a repository, read-only and within a budget, into a structured profile that is cached by commit. */
package io.jenkins.plugins.minibuild.analysis;
