#!/usr/bin/env node
console.log('smugdl')
