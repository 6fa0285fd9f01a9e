/** What an agent keeps from one build to the next: copies of folders, each under a key, that no build can change. */
package io.jenkins.plugins.minibuild.cache;
