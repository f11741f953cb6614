import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { serve } from './lsp';

// The transport (IPC from VS Code, --stdio from other editors) is read from the command line
serve(createConnection(ProposedFeatures.all));
