/** The examples of the documentation that are classes. */
package io.jenkins.plugins.minibuild.example;
