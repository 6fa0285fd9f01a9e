/**
 * The Claude Code command on an agent: finding it, running it within caps, reading and keeping what it streams, and the step
 * {@code analyzeRepository}. The formats are those of {@code claude -p --output-format stream-json}, seen with version 2.1.197.
 */
package io.jenkins.plugins.minibuild.claude;
