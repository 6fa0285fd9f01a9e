/**
 * The engine that runs the Claude Code command on an agent: finding it, running it within caps and budget, reading and keeping what it streams.
 * Capabilities rent it and extend {@code ClaudeStep}. The formats are those of {@code claude -p --output-format stream-json}, seen with version
 * 2.1.197.
 */
package io.jenkins.plugins.minibuild.claude;
