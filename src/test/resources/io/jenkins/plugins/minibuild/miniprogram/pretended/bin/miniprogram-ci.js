#!/usr/bin/env node
// only its place counts: the plugin finds the module by it
