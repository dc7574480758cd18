<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja" sourcelanguage="en">
<context>
    <name>ChoiceField</name>
    <message>
        <source>auto {value}</source>
        <translation>自動（{value}）</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>はい</translation>
    </message>
    <message>
        <source>no</source>
        <translation>いいえ</translation>
    </message>
</context>
<context>
    <name>CleaningCard</name>
    <message>
        <source>Cleaning</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Merge duplicates</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Equal documents are read once: reading them often invites memorising.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Strip Project Gutenberg licences</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Removes the licence before and after books of Project Gutenberg.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Strip ruby readings 《》</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Removes reading aids of Aozora Bunko such as 《てらこや》 and the mark ｜.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Strip notes ［＃…］</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Removes typesetting notes, the legend and the colophon of Aozora Bunko.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Kept for the test</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Share of the text that the model never sees</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Read again like this</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>−{count} docs</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>−{count} chars</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>CorpusPage</name>
    <message>
        <source>Drop here to add more</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Folder…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Files…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Train on this</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Other corpora, rename, remove</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Characters</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>After cleaning and merging duplicates</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Documents</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Separate texts: files, or rows of JSON Lines files</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Tokens</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Pieces that the model reads one at a time</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Suits a model of</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sizes that this much text can fill in about four passes</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>corpus · {count} sources</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} kept unseen</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>vocab {count}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>parameters</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>New corpus…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Rename…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Move to trash</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Doctor</name>
    <message>
        <source>Python {version}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Install Python 3.11 or newer.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PyTorch cannot be imported</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Delete the folder .venv and run ./start.sh again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PyTorch {version} on {device}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PyTorch {version} on the CPU ({device})</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There is an NVIDIA driver, but PyTorch sees no GPU: update the driver.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There is an NVIDIA driver, but this PyTorch is built for the CPU: delete the folder .venv and run ./start.sh again.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Qt (PySide6) is not installed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Qt (PySide6) {version}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Qt's system libraries are there</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Libraries that Qt needs are missing: {names}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>On Debian or Ubuntu: sudo apt install {packages}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Input method: fcitx</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>PySide6 has no fcitx plugin: Terakoya uses fcitx through its ibus interface.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Input method module: {name}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No font with Japanese letters was found</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>On Debian or Ubuntu: sudo apt install fonts-noto-cjk</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Japanese letters come with this system</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Japanese letters: found</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Japanese letters: {font}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Disk: {gb} GB free at {path}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Free some space, or choose another folder with --home.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Memory: {total} GB, {free} GB free</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Close other programs, or train smaller models.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Terakoya cannot write where it keeps its files</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Files are kept in {path}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>Something went wrong inside Terakoya: {detail}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{detail}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{what} is not built yet in this edition of Terakoya; {instead}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The name “{name}” cannot be used: {reason}. Choose another name of at most 80 characters.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There is already “{name}”. Choose another name, or rename the old one.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>There is no {what} called “{name}”. {hint}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Nothing is found at {path}. Check the spelling, or whether it was moved.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Terakoya may not write in {path}. Allow it, or choose another folder with --home.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The disk with {path} is full. Free at least {needed} MB and resume; what was saved is safe.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The file {path} is missing or damaged: {reason}. {hint}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{path} was written by a newer Terakoya. Update the program; until then it can only be read.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{what} is in use by another Terakoya (process {pid}). Stop it there first.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No text was found in {path}: {files} files were looked at and none could be read. Add files with text (.txt, .md, .html, .jsonl).</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The corpus “{name}” has only {tokens} tokens to train on and {heldout} to test on, but at least {needed} and {needed_heldout} are needed. Add more text, or choose a shorter context.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The device “{device}” is not available here. Available: {available}.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The memory of {device} was not enough. Choose a smaller model, a shorter context or a smaller batch; the last checkpoint is kept.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The worker process ended unexpectedly ({cause}). What was saved is kept: resume goes on from the last checkpoint.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The loss stopped being a number at step {step}. The best version so far is kept; train again with a lower learning rate.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The run {run} is {state}, so it cannot be changed that way. {hint}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>No screen can be opened ({reason}). Use the commands (for example: ./start.sh train --corpus FOLDER --name NAME), or connect with ssh -X.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>it is empty</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>it has {count} characters</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>it contains {character}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>it contains a control character</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>it begins or ends with a space or a dot</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Windows reserves it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>it is not there</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>FieldRow</name>
    <message>
        <source>{label} ({unit})</source>
        <translation>{label}（{unit}）</translation>
    </message>
</context>
<context>
    <name>FirstRunPage</name>
    <message>
        <source>Teach this computer to read and write.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop in some text and raise a language model of your own.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop folders or files of text here</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Text encoding is detected for you (UTF-8, Shift_JIS, EUC-JP and more)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Choose files…</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Try the sample</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Little stories in simple Japanese and English. Your first edition in minutes.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{size} · included</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Start</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>How it works, in 7 steps</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>See how a model learns to read and write, from collecting to graduating.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>about 3 minutes</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Your corpora</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Go on with text that you collected before.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} on this computer</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>What this computer has</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>{s} s</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{m} min</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{d} d {h} h</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Forms</name>
    <message>
        <source>auto</source>
        <translation>自動</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>This is not a whole number.</source>
        <translation>整数ではありません。</translation>
    </message>
    <message>
        <source>This is not a number.</source>
        <translation>数ではありません。</translation>
    </message>
    <message>
        <source>From {low} to {high}.</source>
        <translation>{low}から{high}まで。</translation>
    </message>
    <message>
        <source>At least {low}.</source>
        <translation>{low}以上。</translation>
    </message>
    <message>
        <source>At most {high}.</source>
        <translation>{high}以下。</translation>
    </message>
    <message>
        <source>auto {value}</source>
        <translation>自動 {value}</translation>
    </message>
</context>
<context>
    <name>Plan</name>
    <message>
        <source>The shape of the parent version is kept.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>You chose the size.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Size by the amount of text: two parameters a token.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>In this time the machine can read about {tokens} tokens ({passes} passes); this size is predicted to learn most from them.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>PreviewCard</name>
    <message>
        <source>Preview</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show tokens</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Colour the pieces that the model reads; one colour is one token</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Previous document</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Next document</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Preview of the text</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{characters} characters → {tokens} tokens</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{ratio} characters per token</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} characters</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>removed by cleaning: {count}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Screens</name>
    <message>
        <source>Corpus</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Model</source>
        <translation>モデル</translation>
    </message>
    <message>
        <source>Length of training</source>
        <translation>学習の長さ</translation>
    </message>
    <message>
        <source>Optimiser and schedule</source>
        <translation>最適化と学習率</translation>
    </message>
    <message>
        <source>Text and tokenizer</source>
        <translation>文章とトークナイザー</translation>
    </message>
    <message>
        <source>Watching and saving</source>
        <translation>見守りと保存</translation>
    </message>
    <message>
        <source>Minutes</source>
        <translation>時間</translation>
    </message>
    <message>
        <source>Wall-clock time of the whole job, from its start to the published version.</source>
        <translation>始めてから版ができあがるまで、全部にかける時間です。</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>ステップ数</translation>
    </message>
    <message>
        <source>Number of optimiser steps; each reads one batch.</source>
        <translation>重みを直す回数です。1回ごとに1バッチを読みます。</translation>
    </message>
    <message>
        <source>Passes</source>
        <translation>読む回数</translation>
    </message>
    <message>
        <source>How often the corpus is read. After about four passes little is gained.</source>
        <translation>コーパスを何周読むか。4周を過ぎると、得るものは少なくなります。</translation>
    </message>
    <message>
        <source>Model size</source>
        <translation>モデルの大きさ</translation>
    </message>
    <message>
        <source>Wanted number of parameters; depth and width grow together.</source>
        <translation>めざすパラメータ数。深さと幅がいっしょに大きくなります。</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>層の数</translation>
    </message>
    <message>
        <source>Number of transformer blocks. Overrides what the size dial chose.</source>
        <translation>Transformerブロックの数。大きさのつまみが選んだ値より優先します。</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>幅</translation>
    </message>
    <message>
        <source>Length of the vector that stands for a token; a multiple of the head size.</source>
        <translation>1トークンを表すベクトルの長さ。ヘッドの幅の倍数です。</translation>
    </message>
    <message>
        <source>Feed-forward width</source>
        <translation>フィードフォワードの幅</translation>
    </message>
    <message>
        <source>Inner width of each block's SwiGLU layer; usually about three times the width.</source>
        <translation>各ブロックのSwiGLU層の内側の幅。ふつうは幅の約3倍です。</translation>
    </message>
    <message>
        <source>Head size</source>
        <translation>ヘッドの幅</translation>
    </message>
    <message>
        <source>Width of one attention head: 32 for small models, 64 or 128 for larger.</source>
        <translation>注意ヘッド1つの幅。小さなモデルは32、大きなモデルは64か128。</translation>
    </message>
    <message>
        <source>Key/value heads</source>
        <translation>キー・バリューのヘッド数</translation>
    </message>
    <message>
        <source>Heads that keys and values have; fewer than query heads saves memory in chats.</source>
        <translation>キーとバリューがもつヘッドの数。クエリより少なくすると、会話のメモリを節約できます。</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>文脈の長さ</translation>
    </message>
    <message>
        <source>How many tokens the model sees at once.</source>
        <translation>モデルが一度に見るトークンの数です。</translation>
    </message>
    <message>
        <source>Tied embeddings</source>
        <translation>埋め込みの共有</translation>
    </message>
    <message>
        <source>Input and output share one table: saves memory, costs a little quality when small.</source>
        <translation>入力と出力で同じ表を使います。メモリは減りますが、小さなモデルでは少し質が下がります。</translation>
    </message>
    <message>
        <source>Vocabulary</source>
        <translation>語彙の数</translation>
    </message>
    <message>
        <source>Number of different tokens. The app chooses by the size of the corpus.</source>
        <translation>トークンの種類の数。自動ではコーパスの大きさから決めます。</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>バッチ</translation>
    </message>
    <message>
        <source>Windows of text for one optimiser step.</source>
        <translation>1ステップで読む文章の窓の数です。</translation>
    </message>
    <message>
        <source>Micro-batch</source>
        <translation>マイクロバッチ</translation>
    </message>
    <message>
        <source>Windows computed at once; smaller needs less memory, the result is the same.</source>
        <translation>一度に計算する窓の数。小さくするとメモリが減り、結果は変わりません。</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>シード</translation>
    </message>
    <message>
        <source>The same seed, text and recipe give the same model on the same machine.</source>
        <translation>シード、文章、レシピが同じなら、同じパソコンで同じモデルになります。</translation>
    </message>
    <message>
        <source>Optimiser</source>
        <translation>最適化手法</translation>
    </message>
    <message>
        <source>Muon for matrices with AdamW for the rest learns fastest; AdamW is the classic.</source>
        <translation>行列はMuon、ほかはAdamWが最も速く学びます。AdamWは定番です。</translation>
    </message>
    <message>
        <source>Muon + AdamW</source>
        <translation>Muon + AdamW</translation>
    </message>
    <message>
        <source>AdamW</source>
        <translation>AdamW</translation>
    </message>
    <message>
        <source>Learning rate (matrices)</source>
        <translation>学習率（行列）</translation>
    </message>
    <message>
        <source>Size of a step for the weight matrices. Too high: the loss jumps; too low: it crawls.</source>
        <translation>重み行列を1回に動かす大きさ。高すぎると損失が跳ね、低すぎると進みません。</translation>
    </message>
    <message>
        <source>Learning rate (embeddings)</source>
        <translation>学習率（埋め込み）</translation>
    </message>
    <message>
        <source>Size of a step for the token table.</source>
        <translation>トークンの表を1回に動かす大きさです。</translation>
    </message>
    <message>
        <source>Learning rate (output and norms)</source>
        <translation>学習率（出力と正規化）</translation>
    </message>
    <message>
        <source>Size of a step for the output layer and the norms.</source>
        <translation>出力層と正規化を1回に動かす大きさです。</translation>
    </message>
    <message>
        <source>Weight decay</source>
        <translation>重み減衰</translation>
    </message>
    <message>
        <source>Pulls matrices towards zero; helps when the same text is read many times.</source>
        <translation>行列を0へ引きよせます。同じ文章を何度も読むときに効きます。</translation>
    </message>
    <message>
        <source>Momentum</source>
        <translation>モーメンタム</translation>
    </message>
    <message>
        <source>How much of the last direction is kept (Muon).</source>
        <translation>前の向きをどれだけ残すか（Muon）。</translation>
    </message>
    <message>
        <source>Warm-up</source>
        <translation>ウォームアップ</translation>
    </message>
    <message>
        <source>Steps over which the learning rate rises from zero.</source>
        <translation>学習率を0から上げていくステップ数です。</translation>
    </message>
    <message>
        <source>Decay share</source>
        <translation>減衰の割合</translation>
    </message>
    <message>
        <source>Last part of the steps, in which the learning rate falls to zero in a line.</source>
        <translation>学習率を0までまっすぐ下げていく、終わりの部分の割合です。</translation>
    </message>
    <message>
        <source>Gradient clipping</source>
        <translation>勾配の上限</translation>
    </message>
    <message>
        <source>Longest gradient that is used as it is; 0 switches it off.</source>
        <translation>勾配がこれより長いと縮めます。0なら縮めません。</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>計算精度</translation>
    </message>
    <message>
        <source>Number format of matrix products; auto measures which is faster here.</source>
        <translation>行列計算の数の形式。自動では、このパソコンで速いほうを測って選びます。</translation>
    </message>
    <message>
        <source>automatic</source>
        <translation>自動</translation>
    </message>
    <message>
        <source>fp32</source>
        <translation>fp32</translation>
    </message>
    <message>
        <source>bf16</source>
        <translation>bf16</translation>
    </message>
    <message>
        <source>Tests on the way</source>
        <translation>途中のテスト</translation>
    </message>
    <message>
        <source>How often the model is tested on unseen text while it trains.</source>
        <translation>学習の途中で、未学習テキストでテストする回数です。</translation>
    </message>
    <message>
        <source>Checkpoint every</source>
        <translation>チェックポイントの間隔</translation>
    </message>
    <message>
        <source>Longest time whose work a crash can cost.</source>
        <translation>落ちたときに失われる作業は、長くてもこの時間分です。</translation>
    </message>
    <message>
        <source>Keep the best</source>
        <translation>最良を残す</translation>
    </message>
    <message>
        <source>Publish the state that was best on unseen text, not merely the last.</source>
        <translation>最後の状態ではなく、未学習テキストで最も良かった状態を版にします。</translation>
    </message>
    <message>
        <source>Opening of the samples</source>
        <translation>試し書きの書き出し</translation>
    </message>
    <message>
        <source>Beginning that the model continues while it trains; empty: taken from unseen text.</source>
        <translation>学習中にモデルが続きを書く書き出し。空なら未学習テキストから取ります。</translation>
    </message>
    <message>
        <source>Daring (temperature)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Low: the likeliest words. High: surprising ones, and more mistakes.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Range (top-p)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Choose among the likeliest tokens that together have this probability.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Choices (top-k)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Choose among this many likeliest tokens; 0 means all.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Avoid repeating</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Makes tokens less likely that were just written; 1 means not at all.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Most tokens of one answer.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The same seed gives the same answer again.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>SourcesCard</name>
    <message>
        <source>Sources</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every file</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>What you added</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Every file with what became of it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Part of a name</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Search the sources</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Search</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Sources of this corpus</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} to look at</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Show only what was skipped or needs a look</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>SourcesModel</name>
    <message>
        <source>Name</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Encoding</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Language</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Chars</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Docs</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Status</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>good</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>reading</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>skipped</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Japanese</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>English</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Chinese</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Korean</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>German</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>French</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Spanish</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Italian</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Portuguese</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Dutch</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Latin</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Russian</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>mixed</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>other</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>code</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>StatisticsCard</name>
    <message>
        <source>other</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>median {count}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Languages</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Document lengths</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>characters</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>How many documents have which length. Higher bars: more documents.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Collect</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Drop books, articles, notes. The app reads, cleans and counts them, and sets a part aside that the model will never see.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Read</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>The model reads tokens, not letters: pieces of words. At every token it guesses which comes next, and says how sure it is.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Then it sees the true token. The surprise is measured: that number is the loss. A sure and right guess costs nothing; a sure and wrong one much.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Repeat</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>After each batch every weight is nudged to be less surprised next time. Thousands of nudges make the curve fall and the samples readable.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Test</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>On the text set aside: has it learned the language, or only memorised pages? The gap between seen and unseen text tells.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Specialise</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Go on from a version with a small special corpus: what it knows is carried over, so it learns faster than from nothing.</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Graduate</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>A version is a folder of standard files on your shelf: chat with it, export it, use it in other programs, raise the next edition from it.</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>TourPage</name>
    <message>
        <source>How it works, in 7 steps</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Units</name>
    <message>
        <source>min</source>
        <translation>分</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>周</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>パラメータ</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>層</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>トークン</translation>
    </message>
    <message>
        <source>windows</source>
        <translation>窓</translation>
    </message>
    <message>
        <source>times</source>
        <translation>回</translation>
    </message>
</context>
<context>
    <name>Verdicts</name>
    <message>
        <source>{count} files skipped</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not a text file</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} characters cannot be read as {encoding}</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no text is left after cleaning</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} characters could not be read</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no text on the page</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no field with text (such as “text”) in its rows</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{count} rows had no text</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>moved or deleted; its text as read before is kept</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not a file</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>a hidden file of the system</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>{kind} files are not read yet</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>the file is empty</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>larger than 2 GB: split it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>no permission to read it</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>not found (moved or deleted)</source>
        <translation type="unfinished" />
    </message>
    <message>
        <source>cannot be read: {reason}</source>
        <translation type="unfinished" />
    </message>
</context>
<context>
    <name>Warnings</name>
    <message>
        <source>The loss stopped being a number; the best state is published.</source>
        <translation type="unfinished" />
    </message>
</context>
</TS>
