/** Merge requests for the work of a build: opened once, updated by later builds, and only for what people have approved. */
package io.jenkins.plugins.minibuild.merge;
