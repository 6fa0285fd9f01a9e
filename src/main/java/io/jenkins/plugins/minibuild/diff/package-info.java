/**
 * Changes as git prints them: the one reader of diffs, which refuses what it does not understand, and the words and marks by which everything in a change
 * is visible. Rooms above use it for what models, people and scanners are shown.
 */
package io.jenkins.plugins.minibuild.diff;
