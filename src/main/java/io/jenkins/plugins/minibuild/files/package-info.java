/** Files and folders: atomic replacement, trees, locks between processes, patterns of paths. Imports no other room. */
package io.jenkins.plugins.minibuild.files;
